resource "kubernetes_network_policy_v1" "tasks" {
  metadata {
    name      = "tasks-hear-nobody"
    namespace = kubernetes_namespace_v1.jobs.metadata[0].name
  }
  spec {
    pod_selector {}
    policy_types = ["Ingress"]
  }
}

resource "kubernetes_network_policy_v1" "server" {
  metadata {
    name      = "server"
    namespace = kubernetes_namespace_v1.server.metadata[0].name
  }
  spec {
    pod_selector {
      match_labels = { "app.kubernetes.io/name" = "leat" }
    }
    policy_types = ["Ingress"]
    ingress {
      ports {
        port = "http"
      }
    }
  }
}

resource "kubernetes_ingress_v1" "leat" {
  count = var.host == "" ? 0 : 1
  metadata {
    name      = "leat"
    namespace = kubernetes_namespace_v1.server.metadata[0].name
  }
  spec {
    tls {
      hosts       = [var.host]
      secret_name = var.tls_secret
    }
    rule {
      host = var.host
      http {
        path {
          path      = "/"
          path_type = "Prefix"
          backend {
            service {
              name = kubernetes_service_v1.leat.metadata[0].name
              port {
                name = "http"
              }
            }
          }
        }
      }
    }
  }
}
