// Orchestrate
