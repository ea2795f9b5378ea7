//! The table of rules: one file each, in the order of their codes. Must not hold a rule.

mod absent_client;
mod absent_instance;
mod absent_path;
mod backup_off;
mod checked_port;
mod closed_egress;
mod closed_upgrade;
mod contested_place;
mod crowded_datastore;
mod crowded_rollout;
mod cut_shutdown;
mod deaf_alert;
mod development_value;
mod dropped_default;
mod early_deploy;
mod end_of_life;
mod evicted_work;
mod foreign_scheme;
mod greedy_reserve;
mod greedy_setting;
mod hasty_deploy;
mod hidden_volume;
mod host_taken;
mod idle_argument;
mod idle_proxy;
mod idle_volume;
mod image_port;
mod image_user;
mod impatient_route;
mod late_health;
mod late_variable;
mod limited_health;
mod literal_address;
mod liveness_asks_readiness;
mod loopback_address;
mod loopback_ingress;
mod loose_websocket;
mod lost_data;
mod missed_data;
mod missing_source;
mod misspelt_image;
mod misspelt_variable;
mod moving_tag;
mod open_datastore;
mod open_port;
mod other_database;
mod other_origin;
mod other_secret;
mod overlapping_rollout;
mod overrunning_job;
mod port_differs;
mod privileged_port;
mod public_metrics;
mod refused_value;
mod rights_of_host;
mod route_taken;
mod routed_datastore;
mod scale_bounds;
mod secret_breaks_url;
mod secret_in_variable;
mod several_clocks;
mod several_writers;
mod shared_limit;
mod shared_project;
mod short_keep;
mod short_secret;
mod slipped_name;
mod slow_check;
mod small_body;
mod small_machine;
mod spent_grace;
mod stray_mount;
mod stripped_prefix;
mod stuck_rollout;
mod unbuilt_image;
mod unbuilt_release;
mod uncertifiable_host;
mod unchecked_service;
mod unencrypted_ingress;
mod uneven_variable;
mod unheard_alert;
mod unheard_port;
mod unknown_flag;
mod unknown_host;
mod unknown_platform;
mod unknown_script;
mod unknown_stage;
mod unmade_output;
mod unmade_report;
mod unpushed_branch;
mod unreachable_service;
mod unread_file;
mod unrouted_host;
mod unrouted_path;
mod unscanned_release;
mod unserved_path;
mod unset_variable;
mod untested_deploy;
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
    unheard_port::RULE,
    foreign_scheme::RULE,
    shared_project::RULE,
    unchecked_service::RULE,
    late_health::RULE,
    liveness_asks_readiness::RULE,
    slow_check::RULE,
    unserved_path::RULE,
    absent_client::RULE,
    deaf_alert::RULE,
    unheard_alert::RULE,
    unused_secret::RULE,
    secret_in_variable::RULE,
    short_secret::RULE,
    secret_breaks_url::RULE,
    written_password::RULE,
    unread_file::RULE,
    other_secret::RULE,
    several_writers::RULE,
    overlapping_rollout::RULE,
    lost_data::RULE,
    backup_off::RULE,
    idle_volume::RULE,
    crowded_datastore::RULE,
    evicted_work::RULE,
    open_datastore::RULE,
    short_keep::RULE,
    other_database::RULE,
    hidden_volume::RULE,
    missed_data::RULE,
    several_clocks::RULE,
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
    unknown_stage::RULE,
    unknown_flag::RULE,
    open_port::RULE,
    closed_egress::RULE,
    unreachable_service::RULE,
    idle_proxy::RULE,
    absent_instance::RULE,
    public_metrics::RULE,
    routed_datastore::RULE,
    rights_of_host::RULE,
    unencrypted_ingress::RULE,
    host_taken::RULE,
    loopback_ingress::RULE,
    uncertifiable_host::RULE,
    unrouted_host::RULE,
    unrouted_path::RULE,
    shared_limit::RULE,
    loose_websocket::RULE,
    stripped_prefix::RULE,
    limited_health::RULE,
    closed_upgrade::RULE,
    other_origin::RULE,
    small_body::RULE,
    route_taken::RULE,
    unbuilt_release::RULE,
    early_deploy::RULE,
    unbuilt_image::RULE,
    unpushed_branch::RULE,
    hasty_deploy::RULE,
    unknown_script::RULE,
    unknown_platform::RULE,
    unmade_report::RULE,
    unscanned_release::RULE,
    untested_deploy::RULE,
    contested_place::RULE,
    small_machine::RULE,
    greedy_reserve::RULE,
    scale_bounds::RULE,
    stuck_rollout::RULE,
    spent_grace::RULE,
    greedy_setting::RULE,
    impatient_route::RULE,
    crowded_rollout::RULE,
    overrunning_job::RULE,
    cut_shutdown::RULE,
    late_variable::RULE,
    uneven_variable::RULE,
    development_value::RULE,
];
