//! The table of rules: one file each, in the order of their codes. Must not hold a rule.

mod absent_path;
mod backup_off;
mod checked_port;
mod closed_egress;
mod crowded_datastore;
mod dropped_default;
mod early_deploy;
mod end_of_life;
mod evicted_work;
mod greedy_reserve;
mod greedy_setting;
mod hasty_deploy;
mod host_taken;
mod idle_argument;
mod idle_proxy;
mod idle_volume;
mod image_port;
mod image_user;
mod impatient_route;
mod late_health;
mod literal_address;
mod liveness_asks_readiness;
mod loopback_address;
mod loopback_ingress;
mod lost_data;
mod missing_source;
mod misspelt_image;
mod misspelt_variable;
mod moving_tag;
mod open_datastore;
mod open_port;
mod overlapping_rollout;
mod port_differs;
mod privileged_port;
mod refused_value;
mod scale_bounds;
mod secret_breaks_url;
mod secret_in_variable;
mod several_writers;
mod shared_limit;
mod short_secret;
mod slipped_name;
mod slow_check;
mod small_machine;
mod spent_grace;
mod stray_mount;
mod stuck_rollout;
mod unbuilt_image;
mod unbuilt_release;
mod uncertifiable_host;
mod unchecked_service;
mod unencrypted_ingress;
mod unknown_host;
mod unknown_platform;
mod unknown_script;
mod unmade_output;
mod unmade_report;
mod unpushed_branch;
mod unreachable_service;
mod unrouted_host;
mod unrouted_path;
mod unscanned_release;
mod unserved_path;
mod unset_variable;
mod unused_secret;
mod unwritable_folder;
mod written_password;

use super::Rule;
use super::allow;

/// All rules, in the order of their codes.
pub const RULES: &[Rule] = &[
    allow::UNUSED,
    allow::BROKEN,
    privileged_port::RULE,
    port_differs::RULE,
    literal_address::RULE,
    unknown_host::RULE,
    loopback_address::RULE,
    checked_port::RULE,
    unchecked_service::RULE,
    late_health::RULE,
    liveness_asks_readiness::RULE,
    slow_check::RULE,
    unserved_path::RULE,
    unused_secret::RULE,
    secret_in_variable::RULE,
    short_secret::RULE,
    secret_breaks_url::RULE,
    written_password::RULE,
    several_writers::RULE,
    overlapping_rollout::RULE,
    lost_data::RULE,
    backup_off::RULE,
    idle_volume::RULE,
    crowded_datastore::RULE,
    evicted_work::RULE,
    open_datastore::RULE,
    moving_tag::RULE,
    end_of_life::RULE,
    unset_variable::RULE,
    misspelt_variable::RULE,
    image_port::RULE,
    image_user::RULE,
    missing_source::RULE,
    absent_path::RULE,
    unmade_output::RULE,
    stray_mount::RULE,
    unwritable_folder::RULE,
    idle_argument::RULE,
    misspelt_image::RULE,
    slipped_name::RULE,
    dropped_default::RULE,
    refused_value::RULE,
    open_port::RULE,
    closed_egress::RULE,
    unreachable_service::RULE,
    idle_proxy::RULE,
    unencrypted_ingress::RULE,
    host_taken::RULE,
    loopback_ingress::RULE,
    uncertifiable_host::RULE,
    unrouted_host::RULE,
    unrouted_path::RULE,
    shared_limit::RULE,
    unbuilt_release::RULE,
    early_deploy::RULE,
    unbuilt_image::RULE,
    unpushed_branch::RULE,
    hasty_deploy::RULE,
    unknown_script::RULE,
    unknown_platform::RULE,
    unmade_report::RULE,
    unscanned_release::RULE,
    small_machine::RULE,
    greedy_reserve::RULE,
    scale_bounds::RULE,
    stuck_rollout::RULE,
    spent_grace::RULE,
    greedy_setting::RULE,
    impatient_route::RULE,
];
