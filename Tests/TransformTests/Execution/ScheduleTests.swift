import Testing

@testable import Transform

struct ScheduleTests {
    @Test("the fewest generations above first, then by id, as dbt's queue")
    func order() {
        let plan = ExecutionPlan(
            command: .build,
            nodes: [
                PlannedNode(id: NodeID("test.p.t"), upstream: []), PlannedNode(id: NodeID("seed.p.s"), upstream: []),
                PlannedNode(id: NodeID("model.p.z"), upstream: []),
                PlannedNode(id: NodeID("model.p.b"), upstream: [NodeID("seed.p.s")]),
                PlannedNode(id: NodeID("model.p.a"), upstream: [NodeID("model.p.b"), NodeID("model.p.z")]),
            ])
        var schedule = Schedule(plan)
        var order: [String] = []
        while let next = schedule.next() {
            order.append(plan.nodes[next.position].id.rawValue)
            schedule.finished(next.position, NodeResult(id: plan.nodes[next.position].id, status: .success))
        }
        #expect(order == ["model.p.z", "seed.p.s", "test.p.t", "model.p.b", "model.p.a"])
    }
}
