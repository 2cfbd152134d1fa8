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
    # Several servers mount the records, one uses them.
    access_modes = [var.servers > 1 ? "ReadWriteMany" : "ReadWriteOnce"]
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
    # The records of runs are a file that one process owns: of several servers the one that holds the lease serves.
    replicas = var.servers
    strategy {
      type = var.servers > 1 ? "RollingUpdate" : "Recreate"
      dynamic "rolling_update" {
        for_each = var.servers > 1 ? [1] : []
        content {
          max_surge       = "1"
          max_unavailable = "0"
        }
      }
    }
    selector {
      match_labels = { "app.kubernetes.io/name" = "leat" }
    }
    template {
      metadata {
        labels = local.labels
        # For Prometheus, which logs in with a token of a viewer.
        annotations = {
          "prometheus.io/scrape" = "true"
          "prometheus.io/port"   = "8080"
          "prometheus.io/path"   = "/metrics"
        }
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
          args = concat(
            ["serve", "--host", "0.0.0.0"], var.host == "" ? [] : ["--behind-tls"], var.servers > 1 ? ["--lease", "leat"] : []
          )
          # Who leads says so in a label of its pod, by which the service finds it.
          env {
            name = "LEAT_POD_NAME"
            value_from {
              field_ref {
                field_path = "metadata.name"
              }
            }
          }
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
              path = "/health/live"
              port = "http"
            }
            period_seconds    = 2
            failure_threshold = 30
          }
          readiness_probe {
            http_get {
              path = var.servers > 1 ? "/health/live" : "/health"
              port = "http"
            }
            period_seconds = 5
          }
          liveness_probe {
            http_get {
              path = "/health/live"
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
    selector = merge({ "app.kubernetes.io/name" = "leat" }, var.servers > 1 ? { "leat.dev/role" = "leader" } : {})
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
