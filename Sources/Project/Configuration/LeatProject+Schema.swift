extension LeatProject {
    /// The JSON Schema of leat.yml, draft 7, which editors know best.
    ///
    /// Any scalar may be a template, so a number may stand as a string that holds one.
    package static let schema = #"""
        {
          "$schema": "http://json-schema.org/draft-07/schema#",
          "$id": "https://leat.dev/schemas/leat.json",
          "title": "leat.yml",
          "type": "object",
          "required": ["name", "version"],
          "additionalProperties": false,
          "properties": {
            "name": {"type": "string", "description": "The project's name."},
            "version": {"const": 1},
            "vars": {"type": "object", "description": "Values for var()."},
            "variables": {
              "type": "object",
              "description": "Variables for var.value.NAME: a default, or type, default, description and whether it is secret.",
              "additionalProperties": {"$ref": "#/definitions/variable"}
            },
            "services": {"type": "object", "additionalProperties": {"$ref": "#/definitions/service"}},
            "sources": {"type": "object", "additionalProperties": {"$ref": "#/definitions/connector"}},
            "destinations": {"type": "object", "additionalProperties": {"$ref": "#/definitions/connector"}},
            "connections": {"type": "object", "additionalProperties": {"$ref": "#/definitions/connection"}},
            "calendars": {
              "type": "object",
              "description": "Days that schedules leave out.",
              "additionalProperties": {"$ref": "#/definitions/calendar"}
            },
            "pools": {
              "type": "object",
              "description": "How many tasks of a pool may be under way at once, over all runs.",
              "additionalProperties": {"$ref": "#/definitions/whole"}
            },
            "kubernetes": {
              "description": "What the pods of all pipelines have in common, and which context of the kubeconfig leads to their cluster.",
              "allOf": [{"$ref": "#/definitions/pods"}],
              "properties": {"context": {"type": "string"}}
            },
            "channels": {
              "type": "object",
              "description": "How people are told of what happens.",
              "additionalProperties": {"$ref": "#/definitions/channel"}
            },
            "notify": {"$ref": "#/definitions/notify"},
            "openlineage": {
              "description": "Where OpenLineage events go: the address of a server, or settings.",
              "anyOf": [
                {"type": "string"},
                {
                  "type": "object",
                  "additionalProperties": false,
                  "oneOf": [{"required": ["url"]}, {"required": ["file"]}],
                  "properties": {
                    "url": {"type": "string"},
                    "endpoint": {"type": "string"},
                    "api_key": {"type": "string"},
                    "namespace": {"type": "string"},
                    "file": {"type": "string"}
                  }
                }
              ]
            },
            "pipelines": {"type": "object", "additionalProperties": {"$ref": "#/definitions/pipeline"}}
          },
          "definitions": {
            "whole": {"anyOf": [{"type": "integer", "minimum": 1}, {"$ref": "#/definitions/template"}]},
            "count": {"anyOf": [{"type": "integer", "minimum": 0}, {"$ref": "#/definitions/template"}]},
            "flag": {"anyOf": [{"type": "boolean"}, {"$ref": "#/definitions/template"}]},
            "template": {"type": "string", "pattern": "\\{[{%]"},
            "duration": {"type": ["string", "number"], "description": "Such as 90s, 30m, 2h, 1d."},
            "executor": {"enum": ["local", "kubernetes"], "description": "Where tasks run: here, or each in a pod of its own."},
            "pods": {
              "type": "object",
              "properties": {
                "image": {"type": "string"},
                "image_pull_policy": {"enum": ["Always", "IfNotPresent", "Never"]},
                "image_pull_secrets": {"$ref": "#/definitions/names"},
                "namespace": {"type": "string"},
                "service_account": {"type": "string"},
                "node_selector": {"type": "object"},
                "tolerations": {"type": "array"},
                "affinity": {"type": "object"},
                "resources": {
                  "type": "object",
                  "additionalProperties": false,
                  "properties": {"requests": {"type": "object"}, "limits": {"type": "object"}}
                },
                "env": {"type": "object"},
                "env_from": {"type": "array", "items": {"type": "object"}},
                "secrets": {
                  "description": "Variables that pods have from a secret: names of what the scheduler's environment holds, or values.",
                  "anyOf": [{"type": "array", "items": {"type": "string"}}, {"type": "object"}]
                },
                "volumes": {"type": "array"},
                "volume_mounts": {"type": "array"},
                "security_context": {"type": "object"},
                "container_security_context": {"type": "object"},
                "priority_class": {"type": "string"},
                "labels": {"type": "object"},
                "annotations": {"type": "object"},
                "template": {"type": "string", "description": "A file with a whole pod that all of this is laid over."},
                "project_dir": {"type": "string", "description": "Where leat.yml lies in the image."},
                "scheduling_timeout": {"$ref": "#/definitions/duration"},
                "startup_timeout": {"$ref": "#/definitions/duration"},
                "node_timeout": {"$ref": "#/definitions/duration"},
                "grace_period": {"$ref": "#/definitions/duration"},
                "delete": {"enum": ["always", "on_success", "never"]},
                "ttl": {"$ref": "#/definitions/duration"}
              }
            },
            "channel": {
              "type": "object",
              "additionalProperties": false,
              "oneOf": [{"required": ["webhook"]}, {"required": ["slack"]}, {"required": ["command"]}],
              "properties": {
                "webhook": {
                  "anyOf": [
                    {"type": "string"},
                    {
                      "type": "object",
                      "additionalProperties": false,
                      "required": ["url"],
                      "properties": {
                        "url": {"type": "string"},
                        "method": {"type": "string"},
                        "headers": {"type": "object"},
                        "body": {}
                      }
                    }
                  ]
                },
                "slack": {
                  "description": "The address of an incoming webhook.",
                  "anyOf": [
                    {"type": "string"},
                    {
                      "type": "object",
                      "additionalProperties": false,
                      "required": ["url"],
                      "properties": {
                        "url": {"type": "string"}, "channel": {"type": "string"}, "username": {"type": "string"}
                      }
                    }
                  ]
                },
                "command": {
                  "description": "A program that finds the events as JSON on its standard input.",
                  "anyOf": [
                    {"$ref": "#/definitions/names"},
                    {
                      "type": "object",
                      "additionalProperties": false,
                      "required": ["run"],
                      "properties": {"run": {"$ref": "#/definitions/names"}, "env": {"type": "object"}}
                    }
                  ]
                },
                "text": {"type": "string", "description": "What is said of each event: a template."},
                "every": {"$ref": "#/definitions/duration", "description": "At most one message in this time."}
              }
            },
            "rule": {
              "description": "Who is told of what.",
              "anyOf": [
                {"type": "string", "description": "A channel, for failure, deadline and recovery."},
                {
                  "type": "object",
                  "additionalProperties": false,
                  "required": ["to"],
                  "properties": {
                    "on": {
                      "anyOf": [
                        {"$ref": "#/definitions/event"}, {"type": "array", "items": {"$ref": "#/definitions/event"}}
                      ]
                    },
                    "to": {"$ref": "#/definitions/names"}
                  }
                }
              ]
            },
            "event": {"enum": ["success", "failure", "retry", "deadline", "recovery"]},
            "notify": {
              "anyOf": [{"$ref": "#/definitions/rule"}, {"type": "array", "items": {"$ref": "#/definitions/rule"}}]
            },
            "names": {"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]},
            "variable": {
              "anyOf": [
                {"type": ["string", "number", "boolean", "array", "null"]},
                {
                  "type": "object",
                  "additionalProperties": false,
                  "properties": {
                    "type": {"enum": ["string", "int", "float", "bool", "json"]},
                    "default": {},
                    "description": {"type": "string"},
                    "secret": {"$ref": "#/definitions/flag"}
                  }
                }
              ]
            },
            "service": {
              "type": "object",
              "required": ["postgres"],
              "properties": {
                "postgres": {
                  "type": "object",
                  "required": ["port"],
                  "additionalProperties": false,
                  "properties": {
                    "port": {"$ref": "#/definitions/whole"},
                    "database": {"type": "string"},
                    "user": {"type": "string"},
                    "password": {"type": "string"},
                    "init": {"$ref": "#/definitions/names"},
                    "settings": {"type": "object"}
                  }
                }
              }
            },
            "connector": {
              "type": "object",
              "required": ["connector"],
              "properties": {
                "connector": {
                  "description": "A built-in connector, or a program of its own.",
                  "anyOf": [{"type": "string"}, {"type": "object"}]
                },
                "config": {"type": "object"}
              }
            },
            "connection": {
              "type": "object",
              "required": ["source", "destination"],
              "properties": {
                "source": {"type": "string"},
                "destination": {"type": "string"},
                "namespace_definition": {"enum": ["source", "destination", "custom_format"]},
                "namespace_format": {"type": "string"},
                "prefix": {"type": "string"},
                "non_breaking_schema_updates_behavior": {
                  "enum": [
                    "propagate_columns", "propagate_fully", "propagate_all", "ignore", "approve", "manual", "disable_connection",
                    "disable", "stop", "pause"
                  ]
                },
                "backfill_new_columns": {"$ref": "#/definitions/flag"},
                "parallel_streams": {"$ref": "#/definitions/count"},
                "retries": {"enum": ["progress", "always", "never"]},
                "part_size": {"type": ["string", "integer"], "description": "Such as 256MB; none moves every stream whole."},
                "verify": {
                  "type": ["boolean", "integer", "string"],
                  "description": "Compare both sides after each sync: true for all rows, a number for about so many of each stream."
                },
                "schedule": {"$ref": "#/definitions/schedule"},
                "streams": {
                  "type": "array",
                  "items": {
                    "type": "object",
                    "required": ["name"],
                    "properties": {
                      "name": {"type": "string"},
                      "namespace": {"type": "string"},
                      "sync_mode": {
                        "enum": [
                          "full_refresh_overwrite", "full_refresh_overwrite_deduped", "full_refresh_append",
                          "incremental_append", "incremental_append_deduped"
                        ]
                      },
                      "cursor_field": {"$ref": "#/definitions/names"},
                      "primary_key": {"type": ["string", "array"]}
                    }
                  }
                }
              }
            },
            "schedule": {
              "anyOf": [
                {"type": "string", "description": "manual, once, continuous, a cron expression or @daily and the like."},
                {
                  "type": "object",
                  "additionalProperties": false,
                  "anyOf": [{"required": ["cron"]}, {"required": ["every"]}, {"required": ["when"]}],
                  "properties": {
                    "cron": {"$ref": "#/definitions/names"},
                    "every": {"$ref": "#/definitions/duration"},
                    "timezone": {"type": "string"},
                    "dialect": {"enum": ["standard", "quartz"]},
                    "except": {"$ref": "#/definitions/names", "description": "Calendars whose days are left out."},
                    "excluded": {"enum": ["skip", "next", "previous"]},
                    "when": {"$ref": "#/definitions/condition"}
                  }
                }
              ]
            },
            "data": {
              "type": "object",
              "additionalProperties": false,
              "minProperties": 1,
              "maxProperties": 1,
              "properties": {
                "connection": {"type": "string"},
                "model": {"type": "string"},
                "table": {"type": "string"},
                "pipeline": {"type": "string"},
                "event": {"type": "string"}
              }
            },
            "condition": {
              "description": "Changes of data that begin a run; a list means all.",
              "anyOf": [
                {"$ref": "#/definitions/data"},
                {"type": "array", "minItems": 1, "items": {"$ref": "#/definitions/condition"}},
                {
                  "type": "object",
                  "additionalProperties": false,
                  "minProperties": 1,
                  "maxProperties": 1,
                  "properties": {
                    "all": {"type": "array", "minItems": 1, "items": {"$ref": "#/definitions/condition"}},
                    "any": {"type": "array", "minItems": 1, "items": {"$ref": "#/definitions/condition"}}
                  }
                }
              ]
            },
            "calendar": {
              "anyOf": [
                {"type": "array", "items": {"type": "string"}},
                {
                  "type": "object",
                  "additionalProperties": false,
                  "properties": {
                    "dates": {"$ref": "#/definitions/names"},
                    "weekdays": {"$ref": "#/definitions/names"},
                    "ranges": {
                      "type": "array",
                      "items": {
                        "type": "object",
                        "additionalProperties": false,
                        "required": ["from", "to"],
                        "properties": {"from": {"type": "string"}, "to": {"type": "string"}}
                      }
                    },
                    "file": {"type": "string"}
                  }
                }
              ]
            },
            "pipeline": {
              "type": "object",
              "required": ["tasks"],
              "additionalProperties": false,
              "properties": {
                "description": {"type": "string"},
                "schedule": {"$ref": "#/definitions/schedule"},
                "start_date": {"type": "string"},
                "end_date": {"type": "string"},
                "catchup": {"$ref": "#/definitions/flag"},
                "is_paused_upon_creation": {"$ref": "#/definitions/flag"},
                "max_active_runs": {"$ref": "#/definitions/whole"},
                "max_active_tasks": {"$ref": "#/definitions/whole"},
                "params": {
                  "type": "object",
                  "description": "What runs can be told: a default, or a JSON Schema with one.",
                  "additionalProperties": {
                    "anyOf": [
                      {"type": ["string", "number", "boolean", "array", "null"]},
                      {"$ref": "http://json-schema.org/draft-07/schema#"}
                    ]
                  }
                },
                "tags": {"$ref": "#/definitions/names"},
                "timeout": {"$ref": "#/definitions/duration"},
                "deadline": {"$ref": "#/definitions/duration"},
                "fail_fast": {"$ref": "#/definitions/flag"},
                "notify": {"$ref": "#/definitions/notify"},
                "defaults": {
                  "type": "object",
                  "additionalProperties": false,
                  "properties": {
                    "owner": {"type": "string"},
                    "retries": {"$ref": "#/definitions/retries"},
                    "timeout": {"$ref": "#/definitions/duration"},
                    "pool": {"$ref": "#/definitions/pool"},
                    "notify": {"$ref": "#/definitions/notify"},
                    "executor": {"$ref": "#/definitions/executor"},
                    "kubernetes": {"$ref": "#/definitions/pods"}
                  }
                },
                "tasks": {"$ref": "#/definitions/tasks"}
              }
            },
            "retries": {
              "anyOf": [
                {"$ref": "#/definitions/count"},
                {
                  "type": "object",
                  "additionalProperties": false,
                  "properties": {
                    "count": {"$ref": "#/definitions/count"},
                    "delay": {"$ref": "#/definitions/duration"},
                    "backoff": {"type": "number", "minimum": 1},
                    "jitter": {"type": "number", "minimum": 0, "maximum": 1},
                    "max_delay": {"$ref": "#/definitions/duration"}
                  }
                }
              ]
            },
            "pool": {
              "anyOf": [
                {"type": "string"},
                {
                  "type": "object",
                  "additionalProperties": false,
                  "required": ["name"],
                  "properties": {"name": {"type": "string"}, "slots": {"$ref": "#/definitions/whole"}}
                }
              ]
            },
            "sql": {
              "description": "SQL for a destination, source or service; for the only destination where none is named.",
              "anyOf": [
                {"type": "string"},
                {
                  "type": "object",
                  "additionalProperties": false,
                  "properties": {"query": {"type": "string"}, "file": {"type": "string"}, "on": {"type": "string"}}
                }
              ]
            },
            "http": {
              "anyOf": [
                {"type": "string"},
                {
                  "type": "object",
                  "additionalProperties": false,
                  "required": ["url"],
                  "properties": {
                    "url": {"type": "string"},
                    "method": {"type": "string"},
                    "headers": {"type": "object"},
                    "body": {},
                    "expect": {"type": ["integer", "array"]}
                  }
                }
              ]
            },
            "tasks": {"type": "object", "minProperties": 1, "additionalProperties": {"$ref": "#/definitions/task"}},
            "task": {
              "type": "object",
              "additionalProperties": false,
              "properties": {
                "sync": {"type": "string", "description": "A connection to run."},
                "dbt": {
                  "type": "object",
                  "additionalProperties": false,
                  "properties": {
                    "project": {"type": "string"},
                    "target": {"type": "string"},
                    "tests": {"enum": ["after_each", "after_all", "build", "none"]},
                    "select": {"$ref": "#/definitions/names"},
                    "exclude": {"$ref": "#/definitions/names"}
                  }
                },
                "empty": {"const": true},
                "sql": {"$ref": "#/definitions/sql"},
                "command": {
                  "description": "A text for the shell, or a list: a program and its arguments.",
                  "anyOf": [
                    {"$ref": "#/definitions/names"},
                    {
                      "type": "object",
                      "additionalProperties": false,
                      "required": ["run"],
                      "properties": {
                        "run": {"$ref": "#/definitions/names"},
                        "env": {"type": "object"},
                        "directory": {"type": "string"},
                        "skip_on_exit_code": {"type": ["integer", "array"]},
                        "memory": {"type": ["integer", "string"], "description": "Of all its processes together: 512m, 2g."},
                        "cpu_time": {"$ref": "#/definitions/duration"}
                      }
                    }
                  ]
                },
                "http": {"$ref": "#/definitions/http"},
                "container": {
                  "description": "An image to run, by Docker or Podman.",
                  "anyOf": [
                    {"type": "string"},
                    {
                      "type": "object",
                      "additionalProperties": false,
                      "required": ["image"],
                      "properties": {
                        "image": {"type": "string"},
                        "command": {"$ref": "#/definitions/names"},
                        "entrypoint": {"$ref": "#/definitions/names"},
                        "env": {"type": "object"},
                        "volumes": {"$ref": "#/definitions/names"},
                        "network": {"type": "string"},
                        "directory": {"type": "string"},
                        "user": {"type": ["string", "integer"]},
                        "cpus": {"type": ["number", "string"]},
                        "memory": {"type": ["integer", "string"]},
                        "pull": {"enum": ["always", "missing", "never"]},
                        "grace_period": {"$ref": "#/definitions/duration"},
                        "skip_on_exit_code": {"type": ["integer", "array"]},
                        "ulimits": {"type": "object", "additionalProperties": {"type": "integer"}}
                      }
                    }
                  ]
                },
                "pipeline": {
                  "anyOf": [
                    {"type": "string"},
                    {
                      "type": "object",
                      "additionalProperties": false,
                      "required": ["name"],
                      "properties": {"name": {"type": "string"}, "params": {"type": "object"}, "wait": {"type": "boolean"}}
                    }
                  ]
                },
                "branch": {"type": "string"},
                "short_circuit": {
                  "anyOf": [
                    {"type": ["string", "boolean"]},
                    {
                      "type": "object",
                      "additionalProperties": false,
                      "required": ["if"],
                      "properties": {"if": {"type": ["string", "boolean"]}, "direct_only": {"type": "boolean"}}
                    }
                  ]
                },
                "wait_for": {
                  "type": "object",
                  "additionalProperties": false,
                  "properties": {
                    "time": {"type": "string"},
                    "duration": {"$ref": "#/definitions/duration"},
                    "sql": {"$ref": "#/definitions/sql"},
                    "file": {"type": "string"},
                    "http": {"$ref": "#/definitions/http"},
                    "pipeline": {"type": "string"},
                    "every": {"$ref": "#/definitions/duration"}
                  }
                },
                "tasks": {"$ref": "#/definitions/tasks"},
                "description": {"type": "string"},
                "pool": {"$ref": "#/definitions/pool"},
                "concurrency_key": {"type": "string"},
                "priority": {"type": "integer"},
                "depends_on_past": {"$ref": "#/definitions/flag"},
                "setup": {"$ref": "#/definitions/flag"},
                "teardown": {"$ref": "#/definitions/flag"},
                "outlets": {
                  "description": "Data that the task changes.",
                  "anyOf": [{"$ref": "#/definitions/data"}, {"type": "array", "items": {"$ref": "#/definitions/data"}}]
                },
                "notify": {"$ref": "#/definitions/notify"},
                "after": {"$ref": "#/definitions/names"},
                "trigger_rule": {
                  "enum": [
                    "all_success", "all_failed", "all_done", "all_done_min_one_success", "all_done_setup_success",
                    "one_success", "one_failed", "one_done", "none_failed", "none_failed_min_one_success",
                    "none_skipped", "all_skipped", "always"
                  ]
                },
                "retries": {"$ref": "#/definitions/retries"},
                "group_retries": {"$ref": "#/definitions/retries"},
                "timeout": {"$ref": "#/definitions/duration"},
                "deadline": {"$ref": "#/definitions/duration"},
                "executor": {"$ref": "#/definitions/executor"},
                "kubernetes": {"$ref": "#/definitions/pods"}
              }
            }
          }
        }
        """#
}
