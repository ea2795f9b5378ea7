//! Dockerfiles as text: the shape of each instruction, and what is refused.

use stackc::print::dockerfile::{
    Copy, Dockerfile, Healthcheck, InlineFile, Instruction, Mount, RunForm, Stage,
};
use stackc::text::{DockerWord, VariableName};

fn path(text: &str) -> DockerWord {
    DockerWord::path(text).unwrap()
}

fn value(text: &str) -> DockerWord {
    DockerWord::value(text).unwrap()
}

fn variable(name: &str) -> VariableName {
    VariableName::new(name).unwrap()
}

fn words(words: &[&str]) -> Vec<String> {
    words.iter().map(|&word| word.to_owned()).collect()
}

fn shell(commands: &[&str]) -> RunForm {
    RunForm::Shell(words(commands))
}

fn stage(instructions: Vec<Instruction>) -> Stage {
    Stage { place: None, comment: None, platform: None, from: path("scratch"), name: None, instructions }
}

fn copy(sources: &[&str], target: &str) -> Copy {
    let sources = sources.iter().map(|source| path(source)).collect();
    Copy { from: None, link: false, chown: None, chmod: None, sources, target: path(target) }
}

fn file(text: &str) -> InlineFile {
    InlineFile { chown: None, chmod: Some(path("0555")), text: text.to_owned(), target: path("/bin/x") }
}

fn print(instruction: Instruction) -> String {
    let file = Dockerfile { stages: vec![stage(vec![instruction])], ..Dockerfile::default() };
    file.print().map_or_else(
        |error| format!("error: {error}"),
        |printed| printed.text.replacen("FROM scratch\n", "", 1),
    )
}

#[test]
fn a_whole_file() {
    let builder = Stage {
        place: None,
        platform: Some(path("linux/amd64")),
        name: Some(path("build")),
        ..stage(vec![
            Instruction::Arg { name: variable("VERSION"), default: Some(value("1 2")) },
            Instruction::Arg { name: variable("BARE"), default: None },
            Instruction::Workdir(path("/app")),
        ])
    };
    let last = Stage {
        place: None,
        comment: Some("what runs".to_owned()),
        ..stage(vec![
            Instruction::Blank,
            Instruction::Comment("not root".to_owned()),
            Instruction::User(path("10001:10001")),
            Instruction::Expose(8080),
            Instruction::Stopsignal(path("SIGTERM")),
            Instruction::Entrypoint(words(&["/bin/x", "--"])),
            Instruction::Cmd(words(&["a b", "c\"d\ne"])),
        ])
    };
    let file = Dockerfile {
        syntax: Some(path("docker.io/x:1@sha256:00")),
        check: Some(path("error=true")),
        header: "head".to_owned(),
        stages: vec![builder, last],
    };
    assert_eq!(
        file.print().unwrap().text,
        r#"# syntax=docker.io/x:1@sha256:00
# check=error=true
# head

FROM --platform=linux/amd64 scratch AS build
ARG VERSION="1 2"
ARG BARE
WORKDIR /app

# what runs
FROM scratch

# not root
USER 10001:10001
EXPOSE 8080
STOPSIGNAL SIGTERM
ENTRYPOINT ["/bin/x", "--"]
CMD ["a b", "c\"d\ne"]
"#
    );
}

#[test]
fn a_comment_on_top_is_no_directive() {
    let file = Dockerfile { header: "syntax=evil/frontend".to_owned(), ..Dockerfile::default() };
    assert_eq!(file.print().unwrap().text, "#\n# syntax=evil/frontend\n");
    let first = Stage { comment: Some("escape=`".to_owned()), ..stage(vec![]) };
    let file = Dockerfile { stages: vec![first], ..Dockerfile::default() };
    assert_eq!(file.print().unwrap().text, "#\n\n# escape=`\nFROM scratch\n");
}

#[test]
fn pairs_stand_one_a_line() {
    let env = vec![(variable("A"), value("1")), (variable("B"), value("it's $5"))];
    assert_eq!(print(Instruction::Env(env)), "ENV A=1 \\\n    B=\"it's \\$5\"\n");
    let label = vec![(value("org.example.title"), value("a \"b\""))];
    assert_eq!(print(Instruction::Label(label)), "LABEL org.example.title=\"a \\\"b\\\"\"\n");
    let label = vec![(value("a=b"), value("c"))];
    assert_eq!(print(Instruction::Label(label)), "error: the key of a Dockerfile pair cannot hold `=`");
    assert_eq!(print(Instruction::Env(vec![])), "error: a Dockerfile instruction cannot be empty");
}

#[test]
fn commands_are_joined_and_mounts_set_apart() {
    let run = |mounts, command| print(Instruction::Run { mounts, command });
    let cache = || Mount::Cache { target: path("/root/.cache") };
    let secret = || Mount::Secret { id: path("token") };
    let bind = Mount::Bind { from: Some(path("build")), source: path("/a"), target: path("/b") };
    assert_eq!(run(vec![], shell(&["a"])), "RUN a\n");
    assert_eq!(run(vec![], shell(&["a", "b || c", "d"])), "RUN a \\\n    && { b || c; } \\\n    && d\n");
    assert_eq!(
        run(vec![cache()], shell(&["a"])),
        "RUN --mount=type=cache,target=/root/.cache,sharing=locked a\n"
    );
    assert_eq!(
        run(vec![secret(), bind], RunForm::Exec(words(&["a", "b c"]))),
        "RUN --mount=type=secret,id=token \\\n    --mount=type=bind,from=build,source=/a,target=/b \\\n    [\"a\", \"b c\"]\n"
    );
    assert_eq!(
        run(vec![], shell(&["a\nUSER root"])),
        "error: a build command is one line, it cannot hold `\\n`"
    );
    assert_eq!(run(vec![], shell(&[])), "error: a build command cannot be empty");
    let comma = Mount::Cache { target: path("/a,uid=0") };
    assert_eq!(run(vec![comma], shell(&["a"])), "error: a mount option cannot hold `,`");
}

#[test]
fn copies_of_files() {
    let full = Copy {
        from: Some(path("build")),
        link: true,
        chown: Some(path("10001:10001")),
        chmod: Some(path("0555")),
        ..copy(&["/a", "/b"], "/app/")
    };
    assert_eq!(
        print(Instruction::Copy(full)),
        "COPY --from=build --link --chown=10001:10001 --chmod=0555 /a /b /app/\n"
    );
    assert_eq!(print(Instruction::Copy(copy(&["my file"], "/app/"))), "COPY [\"my file\", \"/app/\"]\n");
    assert_eq!(
        print(Instruction::Copy(copy(&[], "/app/"))),
        "error: the list of copied files cannot be empty"
    );
}

#[test]
fn texts_of_files_keep_their_lines() {
    let script = "#!/bin/sh\nexec \"$@\" \\\n  x";
    assert_eq!(
        print(Instruction::File(file(script))),
        format!("COPY --chmod=0555 <<'EOF' /bin/x\n{script}\nEOF\n")
    );
    let hostile = "a\nEOF\nUSER root\nEOFF\n";
    assert_eq!(
        print(Instruction::File(file(hostile))),
        format!("COPY --chmod=0555 <<'EOFFF' /bin/x\n{hostile}EOFFF\n")
    );
    assert_eq!(
        print(Instruction::File(file("a\r\n"))),
        "error: a file inside a Dockerfile cannot hold a carriage return"
    );
}

#[test]
fn an_empty_line_follows_a_text() {
    let print = |after| {
        let instructions = vec![Instruction::File(file("a\n")), after, Instruction::Expose(80)];
        Dockerfile { stages: vec![stage(instructions)], ..Dockerfile::default() }.print().unwrap().text
    };
    let start = "FROM scratch\nCOPY --chmod=0555 <<'EOF' /bin/x\na\nEOF\n\n";
    assert_eq!(print(Instruction::Blank), format!("{start}EXPOSE 80\n"));
    assert_eq!(print(Instruction::User(path("app"))), format!("{start}USER app\nEXPOSE 80\n"));
}

#[test]
fn health_checks_are_exec_form() {
    let check = Healthcheck {
        interval: Some(path("30s")),
        timeout: Some(path("5s")),
        start_period: Some(path("10s")),
        retries: Some(3),
        command: words(&["curl", "-f", "http://127.0.0.1/"]),
    };
    assert_eq!(
        print(Instruction::Healthcheck(check.clone())),
        "HEALTHCHECK --interval=30s --timeout=5s --start-period=10s --retries=3 \\\n    CMD [\"curl\", \"-f\", \"http://127.0.0.1/\"]\n"
    );
    let bare =
        Healthcheck { interval: None, timeout: None, start_period: None, retries: None, ..check.clone() };
    assert_eq!(
        print(Instruction::Healthcheck(bare)),
        "HEALTHCHECK CMD [\"curl\", \"-f\", \"http://127.0.0.1/\"]\n"
    );
    let nul = Healthcheck { command: words(&["a\0"]), ..check };
    assert_eq!(print(Instruction::Healthcheck(nul)), "error: an argument of a command cannot hold a NUL");
}
