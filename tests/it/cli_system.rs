//! The command on a system that refuses: missing, unreadable and hostile files, a full disk, closed pipes, company.
#![expect(clippy::disallowed_methods, reason = "sets up real files")]

use std::fs;
use std::os::unix::fs::symlink;

use crate::cli_scene::{SHOP, Scene};

#[test]
fn nothing_to_read_is_3() {
    let scene = Scene::empty();
    for command in ["check", "build", "graph"] {
        let missing = scene.run(&[command, "nowhere"]);
        assert_eq!(missing.says(), (3, "error: there is no `nowhere`\n"));
        let empty = scene.run(&[command, "."]);
        assert_eq!(
            empty.says(),
            (3, "error: there is no `main.stack` in `.`; `stackc new` makes a first one\n")
        );
        assert_eq!(scene.run(&[command]).code, 3);
    }
    let json = scene.run(&["check", "nowhere", "--format", "json"]);
    assert_eq!((json.code, json.json()["diagnostics"][0]["code"].as_str()), (3, Some("E0801")));
    assert!(scene.tree().is_empty());
}

#[test]
fn an_entry_that_is_no_text_is_reported() {
    let scene = Scene::with("");
    scene.run_untouched(&["build"]).has(1, &["E0808 no-environment"]);
    for text in [&b"\xff\xfe\0\x01"[..], b"service \xc3\x28 {}"] {
        scene.write("main.stack", text);
        scene.run_untouched(&["build"]).has(1, &["E0802 not-text", "`main.stack`"]);
    }
    scene.write("main.stack", "service a {\n  imagee = \"x\"\n}\n");
    scene.run_untouched(&["build"]).has(1, &["E0808", "E0202 unknown-field", "2 errors"]);
    scene.write("main.stack", b"# \0\x1b[31m\n");
    let control = scene.run_untouched(&["build"]);
    assert_eq!(control.code, 1);
    assert!(!control.err.contains('\u{1b}'), "{}", control.err);
}

#[test]
fn an_entry_that_cannot_be_read_is_reported() {
    let scene = Scene::built();
    fs::remove_file(scene.path("main.stack")).unwrap();
    fs::create_dir(scene.path("main.stack")).unwrap();
    scene.run_untouched(&["build"]).has(1, &["E0801 unreadable-file", "`main.stack`", "not a file"]);
    fs::remove_dir(scene.path("main.stack")).unwrap();
    symlink("/etc/passwd", scene.path("main.stack")).unwrap();
    scene.run_untouched(&["build"]).has(1, &["E0801", "a link leads out of the project"]);
    fs::remove_file(scene.path("main.stack")).unwrap();
    scene.shell("mkfifo main.stack").has(0, &[]);
    scene.run_untouched(&["build"]).has(1, &["E0801", "not a file"]);
}

#[test]
fn a_wrong_manifest_is_2_and_shows_the_place() {
    let scene = Scene::built();
    scene.write("stackc.toml", "name = \"shop\"\ncolour = \"red\"\n");
    scene
        .run_untouched(&["build"])
        .has(2, &["E0805", "[stackc.toml:2:1]", "`colour`", "expected one of `name`"]);
    scene.write("stackc.toml", "name = \n");
    scene.run_untouched(&["check"]).has(2, &["E0805", "[stackc.toml:1:"]);
    scene.write("stackc.toml", b"name = \"\xff\"\n");
    scene.run_untouched(&["check"]).has(2, &["E0801", "`stackc.toml` cannot be read: it is not UTF-8"]);
    let json = scene.run(&["check", "--format", "json"]);
    assert_eq!((json.code, json.json()["diagnostics"][0]["code"].as_str()), (2, Some("E0801")));
    fs::remove_file(scene.path("stackc.toml")).unwrap();
    fs::create_dir(scene.path("stackc.toml")).unwrap();
    scene.run_untouched(&["check", "."]).has(2, &["E0801", "it is not a file"]);
}

#[test]
fn an_output_folder_outside_the_project_is_refused() {
    for folder in ["../elsewhere", ".git", "a//b", "/tmp", "-rf"] {
        let scene = Scene::shop();
        scene.write("stackc.toml", format!("output = \"{folder}\"\n"));
        scene.run_untouched(&["build"]).has(2, &["E0805", "`output`"]);
    }
}

#[test]
fn an_output_folder_that_is_none_is_refused() {
    let scene = Scene::shop();
    scene.write("deploy", "mine\n");
    let run = scene.run_untouched(&["build"]);
    assert!(run.code == 1 || run.code == 2, "{run:?}");
    run.has(run.code, &["deploy"]);
    scene.run_untouched(&["build", "--force"]).has(run.code, &["deploy"]);
}

#[test]
fn a_link_out_of_the_project_is_not_followed() {
    let elsewhere = Scene::empty();
    let scene = Scene::shop();
    symlink(elsewhere.path(""), scene.path("deploy")).unwrap();
    for arguments in [&["build"][..], &["build", "--force"], &["build", "--check"]] {
        scene.run_untouched(arguments).has(2, &["E0807", "symbolic link"]);
    }
    assert!(elsewhere.tree().is_empty());
}

#[test]
fn a_manifest_that_is_none_is_not_trusted() {
    let scene = Scene::built();
    scene.write("deploy/stackc.manifest.json", "{}");
    scene.run_untouched(&["build", "--force"]).has(2, &["E0807", "stackc.manifest.json` is not usable"]);
}

/// A full disk, as a limit on the size of a file: the first write behind it fails in the same place.
#[test]
fn a_full_disk_leaves_the_old_tree() {
    let scene = Scene::built();
    let service = "service more {\n  image = \"traefik/whoami:v1.11\"\n  port = 8080\n}\n";
    scene.write(
        "main.stack",
        format!("{SHOP}{}", service.replace("more", "a") + &service.replace("more", "b")),
    );
    let before = scene.tree();
    let run = scene.shell("trap '' XFSZ; ulimit -f 1; exec stackc build");
    run.has(2, &["E0807 write-failed", "cannot write `./.stackc/stage/", "File too large"]);
    assert_eq!(scene.tree(), before);
    assert!(!scene.has(".stackc"));
    assert_eq!(scene.run(&["build"]).code, 0);
}

#[test]
fn a_folder_that_takes_no_files_is_named() {
    let scene = Scene::shop();
    let run = scene.run(&["build", "--out", "/proc/self"]);
    run.has(2, &["E0807", "/proc/self"]);
    assert!(!scene.has("deploy"));
}

#[test]
fn a_closed_pipe_is_the_readers_choice() {
    let scene = Scene::shop();
    for command in ["schema", "explain", "completions zsh", "build --stdout", "check --format json"] {
        let run = scene.shell(&format!("{{ stackc {command}; echo $? >code; }} | head -n 0"));
        assert_eq!((scene.read("code").as_str(), run.err.contains("panicked")), ("0\n", false), "{run:?}");
    }
    let run = scene.shell("stackc check 2>&- >&-");
    assert_eq!(run.code, 0);
    assert_eq!(scene.shell("{ stackc schema; echo $? >code; } >/dev/full").code, 0);
    assert_eq!(scene.read("code"), "2\n", "output that is lost is a failure");
}

#[test]
fn a_line_of_a_megabyte_is_handled() {
    let long = "x".repeat(1 << 20);
    let scene = Scene::with(&format!("# {long}\n{SHOP}"));
    scene.run_untouched(&["check"]).has(0, &["no problems"]);
    scene.write("main.stack", format!("{SHOP}service {long} {{"));
    let run = scene.run_untouched(&["check"]);
    assert_eq!(run.code, 1);
    assert!(run.err.len() < 100_000, "{} bytes about one line", run.err.len());
    scene.write("main.stack", format!("{SHOP}param p: Text = \"{long}\" oops\n"));
    let run = scene.run_untouched(&["check"]);
    assert_eq!(run.code, 1);
    assert!(run.err.len() < 100_000, "{} bytes about one line", run.err.len());
}

#[test]
fn builds_at_the_same_time_take_turns() {
    let scene = Scene::shop();
    let start = || {
        let mut command = scene.command("", &["build"]);
        command.stdout(std::process::Stdio::piped()).stderr(std::process::Stdio::piped()).spawn().unwrap()
    };
    let running: Vec<_> = (0..6).map(|_| start()).collect();
    for child in running {
        scene.told(&child.wait_with_output().unwrap()).has(0, &["0 removed"]);
    }
    scene.run_untouched(&["build", "--check"]).has(0, &["10 unchanged"]);
}
