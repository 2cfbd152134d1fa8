output "service" {
  description = "Where the pages are within the cluster."
  value       = "http://${kubernetes_service_v1.leat.metadata[0].name}.${var.namespace}"
}
