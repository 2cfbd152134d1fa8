variable "image" {
  description = "The image with Leat and the project, as `leat image build` makes it."
  type        = string
}

variable "namespace" {
  description = "Where the server runs."
  type        = string
  default     = "leat"
}

variable "jobs_namespace" {
  description = "Where tasks have their pods."
  type        = string
  default     = "jobs"
}

variable "environment" {
  description = "What leat.yml reads by env_var(); nothing secret."
  type        = map(string)
  default     = {}
}

variable "secrets" {
  description = "Passwords, by the names of the variables that they become."
  type        = map(string)
  default     = {}
  sensitive   = true
}

variable "node_selector" {
  description = "Labels of the nodes that the server runs on."
  type        = map(string)
  default     = { component = "airflow" }
}

variable "servers" {
  description = "How many servers there are: one serves, the others stand by. More than one need storage that several nodes can mount."
  type        = number
  default     = 1
}

variable "storage" {
  description = "Room for the records and logs of runs."
  type        = string
  default     = "2Gi"
}

variable "host" {
  description = "The name that the pages are reached by over TLS; empty for no ingress."
  type        = string
  default     = ""
}

variable "tls_secret" {
  description = "The secret with the certificate of the host."
  type        = string
  default     = "leat-tls"
}
