# The same as deploy/kubernetes, from Terraform.

locals {
  labels = {
    "app.kubernetes.io/name"    = "leat"
    "app.kubernetes.io/part-of" = "leat"
  }
  restricted = {
    "pod-security.kubernetes.io/enforce" = "restricted"
  }
}

resource "kubernetes_namespace_v1" "server" {
  metadata {
    name   = var.namespace
    labels = local.restricted
  }
}

resource "kubernetes_namespace_v1" "jobs" {
  metadata {
    name   = var.jobs_namespace
    labels = local.restricted
  }
}

resource "kubernetes_service_account_v1" "leat" {
  metadata {
    name      = "leat"
    namespace = kubernetes_namespace_v1.server.metadata[0].name
  }
}

resource "kubernetes_config_map_v1" "leat" {
  metadata {
    name      = "leat"
    namespace = kubernetes_namespace_v1.server.metadata[0].name
  }
  data = merge({ LEAT_EXECUTOR = "kubernetes", LEAT_IMAGE = var.image }, var.environment)
}

resource "kubernetes_secret_v1" "leat" {
  metadata {
    name      = "leat"
    namespace = kubernetes_namespace_v1.server.metadata[0].name
  }
  data = var.secrets
}

resource "kubernetes_persistent_volume_claim_v1" "state" {
  metadata {
    name      = "leat-state"
    namespace = kubernetes_namespace_v1.server.metadata[0].name
  }
  spec {
    access_modes = ["ReadWriteOnce"]
    resources {
      requests = { storage = var.storage }
    }
  }
  wait_until_bound = false
}

resource "kubernetes_deployment_v1" "leat" {
  metadata {
    name      = "leat"
    namespace = kubernetes_namespace_v1.server.metadata[0].name
    labels    = local.labels
  }
  spec {
    # One: the records of runs are a file that one process owns.
    replicas = 1
    strategy {
      type = "Recreate"
    }
    selector {
      match_labels = { "app.kubernetes.io/name" = "leat" }
    }
    template {
      metadata {
        labels = local.labels
      }
      spec {
        service_account_name             = kubernetes_service_account_v1.leat.metadata[0].name
        node_selector                    = var.node_selector
        termination_grace_period_seconds = 60
        security_context {
          run_as_non_root = true
          run_as_user     = 10001
          run_as_group    = 10001
          fs_group        = 10001
          seccomp_profile {
            type = "RuntimeDefault"
          }
        }
        container {
          name  = "leat"
          image = var.image
          args  = concat(["serve", "--host", "0.0.0.0"], var.host == "" ? [] : ["--behind-tls"])
          env_from {
            config_map_ref {
              name = kubernetes_config_map_v1.leat.metadata[0].name
            }
          }
          env_from {
            secret_ref {
              name = kubernetes_secret_v1.leat.metadata[0].name
            }
          }
          port {
            name           = "http"
            container_port = 8080
          }
          startup_probe {
            http_get {
              path = "/health"
              port = "http"
            }
            period_seconds    = 2
            failure_threshold = 30
          }
          readiness_probe {
            http_get {
              path = "/health"
              port = "http"
            }
            period_seconds = 5
          }
          liveness_probe {
            http_get {
              path = "/health"
              port = "http"
            }
            period_seconds    = 10
            timeout_seconds   = 5
            failure_threshold = 6
          }
          resources {
            requests = { cpu = "100m", memory = "128Mi" }
            limits   = { memory = "512Mi" }
          }
          security_context {
            allow_privilege_escalation = false
            read_only_root_filesystem  = true
            capabilities {
              drop = ["ALL"]
            }
          }
          volume_mount {
            name       = "state"
            mount_path = "/project/.leat"
          }
          volume_mount {
            name       = "scratch"
            mount_path = "/tmp"
          }
        }
        volume {
          name = "state"
          persistent_volume_claim {
            claim_name = kubernetes_persistent_volume_claim_v1.state.metadata[0].name
          }
        }
        volume {
          name = "scratch"
          empty_dir {}
        }
      }
    }
  }
}

resource "kubernetes_service_v1" "leat" {
  metadata {
    name      = "leat"
    namespace = kubernetes_namespace_v1.server.metadata[0].name
  }
  spec {
    selector = { "app.kubernetes.io/name" = "leat" }
    port {
      name        = "http"
      port        = 80
      target_port = "http"
    }
  }
}

resource "kubernetes_pod_disruption_budget_v1" "leat" {
  metadata {
    name      = "leat"
    namespace = kubernetes_namespace_v1.server.metadata[0].name
  }
  spec {
    max_unavailable = "1"
    selector {
      match_labels = { "app.kubernetes.io/name" = "leat" }
    }
  }
}
