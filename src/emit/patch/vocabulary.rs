//! The keys of documents whose schema is closed: what a patch may make that is not there yet. Must not judge values.

/// The keys of a closed place; `None` where any key may stand.
pub(super) fn keys(target: &str, path: &[&str]) -> Option<&'static [&'static str]> {
    match (target, path) {
        ("compose", []) => Some(COMPOSE),
        ("compose", ["services", _]) => Some(SERVICE),
        ("compose", ["services", _, "healthcheck"]) => Some(HEALTHCHECK),
        ("compose", ["services", _, "logging"]) => Some(&["driver", "options"]),
        ("compose", ["services", _, "deploy"]) => Some(DEPLOY),
        ("compose", ["services", _, "deploy", "resources"]) => Some(&["limits", "reservations"]),
        ("compose", ["services", _, "deploy", "resources", "limits"]) => Some(&["cpus", "memory", "pids"]),
        ("compose", ["services", _, "deploy", "resources", "reservations"]) => {
            Some(&["cpus", "devices", "generic_resources", "memory"])
        }
        ("compose", ["networks", _]) => Some(NETWORK),
        ("compose", ["volumes", _]) => Some(&["driver", "driver_opts", "external", "labels", "name"]),
        ("kubernetes", [.., "metadata"]) => Some(METADATA),
        _ => None,
    }
}

/// Whether a key may stand in every place: extensions of the Compose specification.
pub(super) fn is_extension(target: &str, key: &str) -> bool {
    target == "compose" && key.starts_with("x-")
}

/// The top of a Compose file, <https://github.com/compose-spec/compose-spec>.
const COMPOSE: &[&str] =
    &["configs", "include", "models", "name", "networks", "secrets", "services", "version", "volumes"];

/// A service of a Compose file.
const SERVICE: &[&str] = &[
    "annotations",
    "attach",
    "blkio_config",
    "build",
    "cap_add",
    "cap_drop",
    "cgroup",
    "cgroup_parent",
    "command",
    "configs",
    "container_name",
    "cpu_count",
    "cpu_percent",
    "cpu_period",
    "cpu_quota",
    "cpu_rt_period",
    "cpu_rt_runtime",
    "cpu_shares",
    "cpus",
    "cpuset",
    "credential_spec",
    "depends_on",
    "deploy",
    "develop",
    "device_cgroup_rules",
    "devices",
    "dns",
    "dns_opt",
    "dns_search",
    "domainname",
    "entrypoint",
    "env_file",
    "environment",
    "expose",
    "extends",
    "external_links",
    "extra_hosts",
    "gpus",
    "group_add",
    "healthcheck",
    "hostname",
    "image",
    "init",
    "ipc",
    "isolation",
    "label_file",
    "labels",
    "links",
    "logging",
    "mac_address",
    "mem_limit",
    "mem_reservation",
    "mem_swappiness",
    "memswap_limit",
    "models",
    "network_mode",
    "networks",
    "oom_kill_disable",
    "oom_score_adj",
    "pid",
    "pids_limit",
    "platform",
    "ports",
    "post_start",
    "pre_start",
    "pre_stop",
    "privileged",
    "profiles",
    "provider",
    "pull_policy",
    "pull_refresh_after",
    "read_only",
    "restart",
    "runtime",
    "scale",
    "secrets",
    "security_opt",
    "shm_size",
    "stdin_open",
    "stop_grace_period",
    "stop_signal",
    "storage_opt",
    "sysctls",
    "tmpfs",
    "tty",
    "ulimits",
    "umask",
    "use_api_socket",
    "user",
    "userns_mode",
    "uts",
    "volumes",
    "volumes_from",
    "working_dir",
];

const HEALTHCHECK: &[&str] =
    &["disable", "interval", "retries", "start_interval", "start_period", "test", "timeout"];

const DEPLOY: &[&str] = &[
    "endpoint_mode",
    "labels",
    "mode",
    "placement",
    "replicas",
    "resources",
    "restart_policy",
    "rollback_config",
    "update_config",
];

const NETWORK: &[&str] = &[
    "attachable",
    "driver",
    "driver_opts",
    "enable_ipv4",
    "enable_ipv6",
    "external",
    "internal",
    "ipam",
    "labels",
    "name",
];

/// What every object of a cluster has.
const METADATA: &[&str] = &["annotations", "finalizers", "labels", "name", "namespace", "ownerReferences"];
