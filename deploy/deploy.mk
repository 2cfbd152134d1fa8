# Leat in containers and clusters. Each target says what it lacks.
K3D_CLUSTER := leat
REGISTRY := localhost:5000
PROJECT_IMAGE := $(REGISTRY)/superside:latest
OVERLAY := deploy/kubernetes/overlays/local
# Whichever of them works here; a docker without the plugin prints its usage.
COMPOSE_PROGRAM = $(shell for program in "docker compose" docker-compose podman-compose "podman compose"; do \
	$$program version >/dev/null 2>&1 && { echo "$$program"; break; }; done)
COMPOSE = $(COMPOSE_PROGRAM) --file deploy/compose.yaml --env-file .env

# $(call needs,PROGRAM,HOW TO GET IT)
needs = @command -v $(1) >/dev/null || { echo "make $@: $(1) is missing: $(2)" >&2; exit 1; }
needs_k3d = $(call needs,k3d,see https://k3d.io)
needs_kubectl = $(call needs,kubectl,see https://kubernetes.io/docs/tasks/tools/)
needs_cluster = @kubectl config current-context >/dev/null 2>&1 || { echo "make $@: kubectl knows no cluster: make cluster-create, or set KUBECONFIG" >&2; exit 1; }
needs_compose = @[ -n "$(COMPOSE_PROGRAM)" ] || { echo "make $@: Compose is missing: docker's plugin, docker-compose or podman-compose" >&2; exit 1; }
needs_dotenv = @[ -e .env ] || { echo "make $@: .env is missing: make generate-dotenv" >&2; exit 1; }
needs_engine = @command -v docker >/dev/null || command -v podman >/dev/null || { echo "make $@: docker or podman is missing" >&2; exit 1; }

.PHONY: cluster-create cluster-delete cluster-start cluster-stop cluster-install-apps cluster-uninstall-apps \
	cluster-local-image cluster-port-forward set-k3d-context up down start stop generate-dotenv test-kubernetes check-deploy

cluster-create: ## A local cluster: one server, three agents (airbyte, airflow, jobs), a registry
	$(needs_k3d)
	k3d cluster create --config $(OVERLAY)/k3d.yaml

cluster-delete: ## Remove the local cluster with all that is in it
	$(needs_k3d)
	k3d cluster delete $(K3D_CLUSTER)

cluster-start: ## Start the local cluster again
	$(needs_k3d)
	k3d cluster start $(K3D_CLUSTER)

cluster-stop: ## Stop the local cluster; what is in it stays
	$(needs_k3d)
	k3d cluster stop $(K3D_CLUSTER)

set-k3d-context: ## Have kubectl speak to the local cluster
	$(needs_kubectl)
	@kubectl config use-context k3d-$(K3D_CLUSTER) || { echo "make $@: there is no such cluster: make cluster-create" >&2; exit 1; }

cluster-local-image: ## Build the images of Leat and of the example, and push them to the local registry
	$(needs_engine)
	@engine=docker; ignore=; insecure=; \
	if ! docker info >/dev/null 2>&1; then \
		engine=podman; ignore='--ignorefile .build/Containerfile.dockerignore'; insecure=--tls-verify=false; \
	fi; \
	mkdir -p .build && \
	"$$engine" build --file deploy/Containerfile --tag leat . && \
	printf 'FROM leat\nCOPY --chown=10001:10001 . /project\n' >.build/Containerfile && \
	printf '.leat\n**/.env\n**/.env.*\n' >.build/Containerfile.dockerignore && \
	"$$engine" build --file .build/Containerfile $$ignore --tag $(PROJECT_IMAGE) $(DEMO) && \
	"$$engine" push $$insecure $(PROJECT_IMAGE)

cluster-install-apps: ## Install the server and the example's databases in the cluster
	$(needs_kubectl)
	$(needs_cluster)
	kubectl apply --filename deploy/kubernetes/base/namespaces.yaml
	kubectl create configmap database-init --namespace leat --dry-run=client --output yaml \
		--from-file $(DEMO)/scripts/clients.sql --from-file $(DEMO)/scripts/warehouse.sql \
		--from-file $(DEMO)/source_data/engagement_metrics_raw.csv | kubectl apply --server-side --filename -
	kubectl apply --kustomize $(OVERLAY)
	kubectl rollout status --namespace leat deployment/leat --timeout 300s

cluster-uninstall-apps: ## Remove the server, the databases and all pods of tasks from the cluster
	$(needs_kubectl)
	$(needs_cluster)
	kubectl delete --kustomize $(OVERLAY) --ignore-not-found

cluster-port-forward: ## The pages of the cluster's server at http://127.0.0.1:8085/
	$(needs_kubectl)
	$(needs_cluster)
	kubectl port-forward --namespace leat service/leat 8085:80

generate-dotenv: ## Write .env with passwords for make up, unless there is one
	@if [ -e .env ]; then echo ".env is there already"; else \
		umask 077; \
		for name in CLIENTS_PASSWORD WAREHOUSE_PASSWORD; do \
			echo "$$name=$$(od -An -N 18 -t x1 /dev/urandom | tr -d ' \n')"; \
		done >.env; echo "wrote .env"; fi

up: generate-dotenv ## The two databases and the server in containers of this machine
	$(needs_compose)
	$(COMPOSE) up --build --detach

down: ## Remove the containers of make up; their data stays
	$(needs_compose)
	$(needs_dotenv)
	$(COMPOSE) down

start: ## Start the containers of make up again
	$(needs_compose)
	$(needs_dotenv)
	$(COMPOSE) start

stop: ## Stop the containers of make up
	$(needs_compose)
	$(needs_dotenv)
	$(COMPOSE) stop

check-deploy: ## Check deploy/: Kustomize, schemas of Kubernetes, HCL, compose
	@scripts/check-deploy.sh

test-kubernetes: ## Run the tests of Kubernetes against the cluster of KUBECONFIG, in a namespace of their own
	@[ -n "$(KUBECONFIG)" ] || { echo "make $@: set KUBECONFIG to the kubeconfig of a cluster for tests" >&2; exit 1; }
	LEAT_TEST_KUBECONFIG=$(KUBECONFIG) swift test --filter 'KubernetesTests.RealClusterTests'
