# The least that the server needs, in the namespace of the tasks and nowhere else.

resource "kubernetes_role_v1" "tasks" {
  metadata {
    name      = "leat-tasks"
    namespace = kubernetes_namespace_v1.jobs.metadata[0].name
  }
  rule {
    api_groups = [""]
    resources  = ["pods"]
    verbs      = ["create", "get", "list", "watch", "patch", "delete"]
  }
  rule {
    api_groups = [""]
    resources  = ["pods/log"]
    verbs      = ["get"]
  }
  rule {
    api_groups = [""]
    resources  = ["events"]
    verbs      = ["list"]
  }
  rule {
    api_groups = [""]
    resources  = ["secrets"]
    verbs      = ["create"]
  }
}

resource "kubernetes_role_binding_v1" "tasks" {
  metadata {
    name      = "leat-tasks"
    namespace = kubernetes_namespace_v1.jobs.metadata[0].name
  }
  role_ref {
    api_group = "rbac.authorization.k8s.io"
    kind      = "Role"
    name      = kubernetes_role_v1.tasks.metadata[0].name
  }
  subject {
    kind      = "ServiceAccount"
    name      = kubernetes_service_account_v1.leat.metadata[0].name
    namespace = kubernetes_namespace_v1.server.metadata[0].name
  }
}

resource "kubernetes_cluster_role_v1" "nodes" {
  metadata {
    name = "leat-nodes"
  }
  rule {
    api_groups = [""]
    resources  = ["nodes"]
    verbs      = ["get"]
  }
}

resource "kubernetes_cluster_role_binding_v1" "nodes" {
  metadata {
    name = "leat-nodes"
  }
  role_ref {
    api_group = "rbac.authorization.k8s.io"
    kind      = "ClusterRole"
    name      = kubernetes_cluster_role_v1.nodes.metadata[0].name
  }
  subject {
    kind      = "ServiceAccount"
    name      = kubernetes_service_account_v1.leat.metadata[0].name
    namespace = kubernetes_namespace_v1.server.metadata[0].name
  }
}

# For several servers: a lease for the lead, and a label on the pod of who has it.
resource "kubernetes_role_v1" "lead" {
  count = var.servers > 1 ? 1 : 0
  metadata {
    name      = "leat-lead"
    namespace = kubernetes_namespace_v1.server.metadata[0].name
  }
  rule {
    api_groups = ["coordination.k8s.io"]
    resources  = ["leases"]
    verbs      = ["get", "create", "update"]
  }
  rule {
    api_groups = [""]
    resources  = ["pods"]
    verbs      = ["patch"]
  }
}

resource "kubernetes_role_binding_v1" "lead" {
  count = var.servers > 1 ? 1 : 0
  metadata {
    name      = "leat-lead"
    namespace = kubernetes_namespace_v1.server.metadata[0].name
  }
  role_ref {
    api_group = "rbac.authorization.k8s.io"
    kind      = "Role"
    name      = kubernetes_role_v1.lead[0].metadata[0].name
  }
  subject {
    kind      = "ServiceAccount"
    name      = kubernetes_service_account_v1.leat.metadata[0].name
    namespace = kubernetes_namespace_v1.server.metadata[0].name
  }
}
