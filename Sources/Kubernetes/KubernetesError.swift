/// Placeholder of the module until its client arrives.
struct KubernetesError: Error {}
