//! `stackc build` and `build --check` on real files: what is written, kept, refused and removed.
#![expect(clippy::disallowed_methods, reason = "sets up and inspects real files")]

use std::fs;

use crate::cli_scene::{SHOP, Scene};

const COMPOSE: &str = "deploy/production/compose.yaml";
const BACK: &str = "deploy/production/kubernetes/back.yaml";

fn without_back() -> String {
    let start = SHOP.find("service back").unwrap();
    let end = SHOP.find("environment development").unwrap();
    format!("{}{}", &SHOP[..start], &SHOP[end..])
}

#[test]
fn a_new_project_builds_and_is_current() {
    let scene = Scene::empty();
    let made = scene.run(&["new", "shop"]);
    assert_eq!(
        made.says(),
        (0, "made shop/stackc.toml and shop/main.stack; next: cd shop && stackc build\n")
    );
    assert_eq!(
        scene.run_in("shop", &["build"]).says(),
        (
            0,
            "created    deploy/development/compose.yaml\ncreated    deploy/development/ops\ncreated    deploy/stackc.manifest.json\n3 created, 0 updated, 0 unchanged, 0 removed in [N] ms\n"
        )
    );
    let current = scene.run_untouched(&["build", "shop", "--check"]);
    assert_eq!(current.says(), (0, "0 missing, 0 out of date, 3 unchanged, 0 to remove in [N] ms\n"));
}

#[test]
fn new_overwrites_nothing() {
    let scene = Scene::shop();
    scene.run_untouched(&["new", "."]).has(2, &["error: .: File exists"]);
}

#[test]
fn a_second_build_touches_nothing() {
    let scene = Scene::built();
    let again = scene.run_untouched(&["build"]);
    assert_eq!(again.says(), (0, "0 created, 0 updated, 10 unchanged, 0 removed in [N] ms\n"));
    assert_eq!(scene.run_untouched(&["build", "--quiet"]).says(), (0, ""));
}

#[test]
fn a_check_before_the_first_build_writes_nothing() {
    let scene = Scene::shop();
    let run = scene.run_untouched(&["build", "--check"]);
    run.has(1, &["created    deploy/production/compose.yaml\n", "10 missing, 0 out of date"]);
    assert!(!scene.has("deploy"));
}

#[test]
fn an_edit_is_named_refused_and_replaced_by_force() {
    let scene = Scene::built();
    let written = scene.read(COMPOSE);
    scene.edit(COMPOSE);
    scene.run_untouched(&["build", "--check"]).has(1, &[COMPOSE, "was edited since stackc wrote it"]);
    let refused = scene.run_untouched(&["build"]);
    refused.has(1, &["E0806", COMPOSE, "stackc build --force", "nothing was written"]);
    scene.run(&["build", "--force"]).has(0, &["updated    deploy/production/compose.yaml\n", "1 updated"]);
    assert_eq!(scene.read(COMPOSE), written);
}

#[test]
fn one_edit_stops_the_whole_build() {
    let scene = Scene::built();
    scene.edit(COMPOSE);
    scene.write("main.stack", without_back());
    scene.run_untouched(&["build"]).has(1, &[COMPOSE]);
    scene.run(&["build", "--force"]).has(0, &["removed    deploy/production/kubernetes/back.yaml"]);
}

#[test]
fn a_removed_service_takes_its_files_and_no_others() {
    let scene = Scene::built();
    scene.write("deploy/production/kubernetes/mine.yaml", "mine\n");
    scene.write("main.stack", without_back());
    scene.run_untouched(&["build", "--check"]).has(1, &["removed    deploy/production/kubernetes/back.yaml"]);
    scene.run(&["build"]).has(0, &["1 removed"]);
    assert!(!scene.has(BACK));
    assert_eq!(scene.read("deploy/production/kubernetes/mine.yaml"), "mine\n");
    assert!(!scene.recorded().contains(&BACK.to_owned()));
    assert_eq!(scene.run(&["build", "--check"]).code, 0);
}

#[test]
fn a_foreign_file_in_the_way_is_kept() {
    let scene = Scene::shop();
    scene.write(COMPOSE, "mine\n");
    scene.run_untouched(&["build"]).has(1, &["E0806", "was not written by stackc", "nothing was written"]);
    assert!(!scene.has(BACK));
}

#[test]
fn mistakes_leave_the_last_build_alone() {
    let scene = Scene::built();
    scene.write("main.stack", format!("{SHOP}service {{"));
    scene.run_untouched(&["build"]).has(1, &["E0102", "2 errors"]);
    scene.run_untouched(&["build", "--force"]).has(1, &["E0102"]);
}

#[test]
fn another_folder_takes_the_artifacts() {
    let scene = Scene::shop();
    scene.run_untouched(&["build", "--out", "far/away", "--check"]).has(2, &["E0807", "far/away"]);
    scene.run(&["build", "--out", "far/away"]).has(0, &["10 created"]);
    assert!(scene.has("far/away/deploy/production/compose.yaml"));
    assert!(!scene.has("deploy"));
    scene.run_untouched(&["build", "--out", "far/away", "--check"]).has(0, &["10 unchanged"]);
    scene.write("file", "");
    scene.run_untouched(&["build", "--out", "file"]).has(2, &["E0807", "`file`"]);
}

#[test]
fn standard_output_takes_the_artifacts() {
    let scene = Scene::shop();
    let run = scene.run_untouched(&["build", "--stdout"]);
    assert_eq!(run.says(), (0, ""));
    assert_eq!(run.out.matches("# --- ").count(), 9);
    let one = scene.run_untouched(&["build", "--stdout", "-e", "development"]);
    assert!(one.out.starts_with("# --- deploy/development/compose.yaml\n"), "{}", one.out);
    assert_eq!(one.out.matches("# --- ").count(), 2);
    scene.run_untouched(&["build", "--stdout", "--force"]).has(2, &["cannot be used with"]);
    scene.run_untouched(&["build", "--check", "--force"]).has(2, &["cannot be used with"]);
}

#[test]
fn a_selection_leaves_the_rest_alone() {
    for selection in [["-e", "production"], ["-e", "development"], ["-t", "compose"], ["-t", "kubernetes"]] {
        let scene = Scene::built();
        let [flag, name] = selection;
        scene.run_untouched(&["build", flag, name, "--check"]).has(0, &["0 missing, 0 out of date"]);
        scene.run_untouched(&["build", flag, name]).has(0, &["0 created, 0 updated", "0 removed"]);
    }
}

#[test]
fn a_selection_updates_its_own_files_and_their_record() {
    let scene = Scene::built();
    let recorded = scene.recorded();
    scene.write("main.stack", SHOP.replace("v1.11", "v1.10"));
    let before = scene.tree();
    scene.run(&["build", "-t", "kubernetes"]).has(0, &["kubernetes/back.yaml", "0 removed"]);
    let after = scene.tree();
    let changed: Vec<&String> = after.keys().filter(|name| before[*name] != after[*name]).collect();
    assert_eq!(
        changed,
        [BACK, "deploy/production/kubernetes/front.yaml", "deploy/stackc.manifest.json"],
        "compose files are not in the selection"
    );
    assert_eq!(scene.recorded(), recorded);
    scene
        .run_untouched(&["build", "--check", "-e", "development"])
        .has(1, &["updated    deploy/development/compose.yaml", "2 out of date"]);
    scene.run(&["build"]).has(0, &["0 created, 3 updated"]);
    assert_eq!(scene.run(&["build", "--check"]).code, 0);
}

#[test]
fn a_selection_starts_a_project() {
    let scene = Scene::shop();
    scene.run(&["build", "-e", "development"]).has(0, &["3 created"]);
    assert_eq!(scene.recorded(), ["deploy/development/compose.yaml", "deploy/development/ops"]);
    scene.run(&["build", "-e", "production", "-t", "compose"]).has(0, &["1 created, 1 updated"]);
    assert_eq!(scene.recorded(), ["deploy/development/compose.yaml", "deploy/development/ops", COMPOSE]);
    scene.run(&["build"]).has(0, &["6 created, 1 updated, 3 unchanged, 0 removed"]);
}

#[test]
fn a_selection_removes_nothing_and_an_edit_elsewhere_does_not_stop_it() {
    let scene = Scene::built();
    scene.edit("deploy/development/compose.yaml");
    scene.write("main.stack", without_back());
    scene.run(&["build", "-e", "production"]).has(0, &["0 removed"]);
    assert!(scene.has(BACK));
    assert!(scene.recorded().contains(&BACK.to_owned()));
    scene.run(&["build", "--force"]).has(0, &["removed    deploy/production/kubernetes/back.yaml"]);
}

#[test]
fn a_selection_removes_a_record_whose_place_it_takes() {
    let scene = Scene::built();
    let file = scene.read("deploy/stackc.manifest.json").replace("development/compose.yaml", "production");
    let others = |line: &&str| !line.contains("deploy/production/") && !line.contains("/ops\"");
    let lines: Vec<&str> = file.lines().filter(others).collect();
    scene.write("deploy/stackc.manifest.json", lines.join("\n").replace("},\n  ]", "}\n  ]"));
    fs::remove_dir_all(scene.path("deploy/production")).unwrap();
    assert_eq!(scene.recorded(), ["deploy/production"]);
    scene.run(&["build", "-t", "kubernetes"]).has(0, &["4 created, 1 updated"]);
    assert_eq!(scene.run(&["build", "-t", "kubernetes", "--check"]).code, 0);
}

#[test]
fn a_shared_file_is_the_same_in_every_selection() {
    let scene = Scene::empty();
    for name in ["main.stack", "stackc.toml"] {
        let example = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/notes/");
        scene.write(name, fs::read(format!("{example}{name}")).unwrap());
    }
    scene.run(&["build"]).has(0, &[".github/workflows/ci.yml"]);
    for flags in [["-e", "production"], ["-e", "development"], ["-t", "github-actions"]] {
        let [flag, name] = flags;
        scene.run_untouched(&["build", flag, name, "--check"]).has(0, &["0 out of date"]);
    }
}

#[test]
fn an_unknown_selection_writes_nothing() {
    let scene = Scene::built();
    scene.run_untouched(&["build", "-e", "prod"]).has(1, &["E0602", "`prod`"]);
    scene.run_untouched(&["build", "-t", "podman"]).has(2, &["podman", "compose"]);
}
