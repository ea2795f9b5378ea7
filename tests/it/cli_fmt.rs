//! `stackc fmt` as people and hooks run it.

use crate::cli_scene::{SHOP, Scene};

const UGLY: &str = "service   front {\n  image=\"a:1\"\n}\n";
const NEAT: &str = "service front {\n  image = \"a:1\"\n}\n";

#[test]
fn files_are_formatted_in_place_and_only_once() {
    let scene = Scene::with(UGLY);
    scene.write("deep/other.stack", UGLY);
    scene.write("node_modules/x/main.stack", UGLY);
    scene.write(".hidden/main.stack", UGLY);
    assert_eq!(scene.run(&["fmt"]).says(), (0, "2 formatted, 0 unchanged\n"));
    assert_eq!(scene.read("main.stack"), NEAT);
    assert_eq!(scene.read("deep/other.stack"), NEAT);
    assert_eq!(scene.read("node_modules/x/main.stack"), UGLY);
    assert_eq!(scene.read(".hidden/main.stack"), UGLY);
    assert_eq!(scene.run_untouched(&["fmt"]).says(), (0, "0 formatted, 2 unchanged\n"));
    assert_eq!(scene.run_untouched(&["fmt", "--quiet"]).says(), (0, ""));
}

#[test]
fn check_and_diff_write_nothing_and_exit_with_1() {
    let scene = Scene::with(UGLY);
    let run = scene.run_untouched(&["fmt", "--check"]);
    assert_eq!(run.says(), (1, "would change: main.stack\n1 would change, 0 unchanged\n"));
    let run = scene.run_untouched(&["fmt", "--diff", "main.stack"]);
    assert_eq!(run.code, 1);
    assert!(
        run.out.contains("-service   front {\n-  image=\"a:1\"\n+service front {\n+  image = \"a:1\"\n"),
        "{}",
        run.out
    );
    scene.write("main.stack", SHOP);
    assert_eq!(
        scene.run_untouched(&["fmt", "--check", "--diff"]).says(),
        (0, "0 would change, 1 unchanged\n")
    );
}

#[test]
fn standard_input_goes_to_standard_output() {
    let scene = Scene::empty();
    let run = scene.shell(&format!("printf '%s' '{UGLY}' | stackc fmt -"));
    assert_eq!((run.code, &*run.out, &*run.err), (0, NEAT, ""));
    let run = scene.shell(&format!("printf '%s' '{UGLY}' | stackc fmt - --check"));
    assert_eq!((run.code, &*run.out, &*run.err), (1, "", "would change: standard input\n"));
    scene.shell("printf '\\377' | stackc fmt -").has(2, &["it is not UTF-8 text"]);
    scene.run(&["fmt", "-", "main.stack"]).has(2, &["`-` stands alone"]);
}

#[test]
fn what_cannot_be_read_stays_and_the_rest_is_formatted() {
    let scene = Scene::with("service   a {\n  image=\"a:1\"\n  port   : \n}\nservice   b{}\n");
    assert_eq!(scene.run(&["fmt"]).code, 0);
    assert_eq!(scene.read("main.stack"), "service a {\n  image = \"a:1\"\n  port   : \n}\nservice b {}\n");
}

#[test]
fn nothing_to_format_is_3_and_what_cannot_be_opened_2() {
    let scene = Scene::empty();
    scene.run(&["fmt"]).has(3, &["there is no `.stack` file here"]);
    scene.run(&["fmt", "gone.stack"]).has(2, &["cannot read `gone.stack`"]);
    scene.write("bad.stack", b"\xff");
    scene.run(&["fmt", "bad.stack"]).has(2, &["`bad.stack`: it is not UTF-8 text"]);
}

#[cfg(unix)]
#[test]
fn permissions_and_links_survive() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let scene = Scene::with(UGLY);
    std::fs::set_permissions(scene.path("main.stack"), PermissionsExt::from_mode(0o640)).unwrap();
    symlink(scene.path("main.stack"), scene.path("link.stack")).unwrap();
    assert_eq!(scene.run(&["fmt", "link.stack"]).code, 0);
    assert_eq!(scene.read("main.stack"), NEAT);
    assert!(scene.path("link.stack").symlink_metadata().unwrap().is_symlink());
    let mode = scene.path("main.stack").metadata().unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o640);
}

#[test]
fn files_above_are_named_from_the_working_folder() {
    let scene = Scene::with("service  web {}\n");
    scene.write("apps/one/extra.stack", "let  x = 1\n");
    let run = scene.run_in("apps", &["fmt", "--check"]);
    run.has(1, &["would change: ../apps/one/extra.stack\n", "would change: ../main.stack\n"]);
    assert_eq!(scene.run_in("apps", &["fmt"]).code, 0);
    assert_eq!(scene.read("main.stack"), "service web {}\n");
}
