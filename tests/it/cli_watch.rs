//! `stackc build --watch`: one line per change, mistakes survived, a clean end.
#![cfg(unix)]
#![allow(clippy::disallowed_methods, reason = "starts and stops the command")]

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use crate::cli_scene::{SHOP, Scene};

struct Watching {
    child: Child,
    lines: Receiver<String>,
}

impl Watching {
    fn start(scene: &Scene) -> Self {
        let mut command = scene.command("", &["build", "--watch"]);
        let mut child = command.stderr(Stdio::piped()).stdout(Stdio::null()).spawn().unwrap();
        let (send, lines) = channel();
        let reader = BufReader::new(child.stderr.take().unwrap());
        std::thread::spawn(move || reader.lines().map_while(Result::ok).try_for_each(|line| send.send(line)));
        Self { child, lines }
    }

    /// The next line that is a status.
    fn status(&self) -> String {
        loop {
            let line = self.lines.recv_timeout(Duration::from_mins(1)).unwrap();
            if line.contains("changed: ") || line.starts_with("built: ") {
                return line.split(" in ").next().unwrap().to_owned();
            }
        }
    }

    fn stop(&mut self, signal: &str) -> Option<i32> {
        let id = self.child.id().to_string();
        assert!(Command::new("kill").args([signal, &id]).status().unwrap().success());
        self.child.wait().unwrap().code()
    }
}

impl Drop for Watching {
    fn drop(&mut self) {
        // Of a test that has failed.
        let _ = self.child.kill();
    }
}

#[test]
fn every_change_is_one_line() {
    let scene = Scene::shop();
    let mut watching = Watching::start(&scene);
    assert!(watching.status().starts_with("built: "));
    let before = scene.read("deploy/production/compose.yaml");
    scene.write("main.stack", SHOP.replacen("v1.11", "v1.10", 1));
    let status = watching.status();
    assert!(
        status.starts_with("main.stack changed: 0 created, ") && !status.contains(" 0 updated"),
        "{status}"
    );
    assert_ne!(before, scene.read("deploy/production/compose.yaml"));
    scene.write("main.stack", "service {");
    assert_eq!(watching.status(), "main.stack changed: nothing was written");
    // What a mistake hides is still watched, and so is a file that was not there.
    scene.write("more.stack", "let size = 300MiB\n");
    let text = SHOP.replacen("  port  = 8080", "  port  = 8080\n  memory = size", 1);
    scene.write("main.stack", format!("use \"./more.stack\" {{ size }}\n{text}"));
    assert!(watching.status().starts_with("main.stack changed: 0 created, "));
    scene.write("more.stack", "let size = 400MiB\n");
    assert!(watching.status().starts_with("more.stack changed: 0 created, "));
    assert!(scene.read("deploy/production/compose.yaml").contains("400M"));
    scene.write("stackc.toml", "nam = \"shop\"\n");
    assert_eq!(watching.status(), "stackc.toml changed: nothing was written");
    scene.write("stackc.toml", "name = \"shop\"\n");
    assert!(watching.status().starts_with("stackc.toml changed: 0 created, "));
    assert_eq!(watching.stop("-INT"), Some(0));
    assert!(!scene.has(".stackc") && scene.run(&["build", "--check"]).code == 0);
}

#[test]
fn it_ends_when_asked_and_where_there_is_nothing() {
    let scene = Scene::shop();
    let mut watching = Watching::start(&scene);
    watching.status();
    assert_eq!(watching.stop("-TERM"), Some(0));
    assert_eq!(Scene::empty().run(&["build", "--watch"]).code, 3);
    assert_eq!(scene.run(&["build", "--watch", "--check"]).code, 2);
}

#[test]
fn a_folder_without_a_name_is_the_project_itself() {
    let scene = Scene::shop();
    let built =
        "service front {\n  build { context = \"./worker\", stage final { from = \"python:3.13-slim\" } }";
    scene.write("main.stack", SHOP.replacen("service front {\n  image = \"traefik/whoami:v1.11\"", built, 1));
    let mut watching = Watching::start(&scene);
    assert!(watching.status().starts_with("built: "));
    scene.write("notes.txt", "");
    let status = watching.status();
    assert!(status.starts_with(". changed: "), "{status}");
    assert_eq!(watching.stop("-INT"), Some(0));
}
