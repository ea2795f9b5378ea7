//! `stackc diff` as people call it: against the written files, against revisions, in its forms.

use crate::cli_scene::{SHOP, Scene};

/// A repository with a commit of the shop.
fn repository() -> Scene {
    let scene = Scene::shop();
    let line = "git init -q -b main && git add main.stack stackc.toml && git -c user.name=a -c user.email=a@example.org \
                -c commit.gpgsign=false commit -q -m one";
    assert_eq!(scene.shell(line).code, 0);
    scene
}

fn larger() -> String {
    SHOP.replacen("port  = 8080", "port  = 8080\n  memory = 700MiB", 1)
}

#[test]
fn the_written_files_are_compared_by_meaning() {
    let scene = Scene::built();
    assert_eq!(scene.run_untouched(&["diff"]).code, 0);
    scene.write("main.stack", larger());
    let run = scene.run_untouched(&["diff", "-e", "production"]);
    let expected = "deploy/production/compose.yaml\n  services.front.deploy.resources.limits.memory: 256M -> 700M\n\
                    deploy/production/kubernetes/front.yaml\n  \
                    Deployment front: spec.template.spec.containers.front.resources.requests.memory: 128Mi -> 350Mi\n  \
                    Deployment front: spec.template.spec.containers.front.resources.limits.memory: 256Mi -> 700Mi\n";
    assert!(run.code == 1 && run.out.starts_with(expected), "{}", run.out);
    // A comment that somebody added changes no value; a missing file is a new one.
    scene.write("main.stack", SHOP);
    scene.edit("deploy/production/compose.yaml");
    assert_eq!(scene.run(&["diff"]).out, "deploy/production/compose.yaml\n  only comments or layout\n");
}

#[test]
fn a_service_that_goes_takes_its_files_along() {
    let scene = Scene::built();
    let without =
        SHOP.replacen("service back {\n  image = \"traefik/whoami:v1.11\"\n  port  = 8080\n}\n", "", 1);
    scene.write("main.stack", without);
    let run = scene.run(&["diff", "-t", "kubernetes", "-t", "compose"]);
    assert!(run.out.contains("- services.back: "), "{}", run.out);
    let run = scene.run(&["diff"]);
    assert!(
        run.out.contains("deploy/production/kubernetes/back.yaml\n- ServiceAccount back\n"),
        "{}",
        run.out
    );
}

#[test]
fn revisions_are_compared() {
    let scene = repository();
    assert_eq!(scene.run(&["diff", "HEAD"]).says(), (0, ""));
    scene.write("main.stack", larger());
    let line = "git -c user.name=a -c user.email=a@example.org -c commit.gpgsign=false commit -q -a -m two";
    assert_eq!(scene.shell(line).code, 0);
    assert_eq!(scene.run(&["diff", "HEAD"]).code, 0);
    assert_eq!(scene.shell("git clone -q --depth 1 \"file://$PWD\" shallow").code, 0);
    scene.run_in("shallow", &["diff", "HEAD~1"]).has(2, &["the repository is shallow"]);
    let run = scene.run_untouched(&["diff", "HEAD~1", "HEAD", "-t", "compose"]);
    assert_eq!((run.code, run.out.lines().count()), (1, 4), "{}", run.out);
    let found = scene.run(&["diff", "main~1", "--format", "json"]).json();
    let change = &found["files"][0]["changes"][0];
    assert_eq!((&change["before"], &change["after"]), (&"256M".into(), &"700M".into()));
    assert_eq!(change["path"][1], "front");
    let run = scene.run(&["diff", "HEAD~1", "--as", "markdown", "-t", "compose", "-e", "production"]);
    let expected = "**1 emitted file differs**\n\n#### `deploy/production/compose.yaml`\n\n\
                    - services.front.deploy.resources.limits.memory: `256M` -> `700M`\n";
    assert_eq!(run.out, expected);
    assert_eq!(scene.run(&["diff", "HEAD", "--as", "markdown"]).out, "No emitted file changes.\n");
}

#[test]
fn what_cannot_be_compared_is_said() {
    let scene = repository();
    scene.run(&["diff", "nowhere"]).has(2, &["git knows no revision `nowhere` here"]);
    scene.run(&["diff", "HEAD~1..HEAD"]).has(2, &["name two revisions as `stackc diff HEAD~1 HEAD`"]);
    scene.run(&["diff", "--", "--output=/tmp/x"]).has(2, &["no revision `--output=/tmp/x`"]);
    scene.write("main.stack", "service {");
    scene.run(&["diff", "HEAD"]).has(2, &["E0"]);
    let scene = Scene::shop();
    scene.run(&["diff", "HEAD"]).has(2, &["not a git repository"]);
    assert_eq!(Scene::empty().run(&["diff"]).code, 3);
}
