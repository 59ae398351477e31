//! What a mistake looks like: every compile error that a declaration or a call can cause.
//!
//! Cases in `ui/rustc/` are worded by rustc, wholly or around our text, and change with its release: their exact text is
//! compared on the release that the project records. That they do not compile is tested on any, in `src/lib.rs`.

use std::process::Command;

/// The release whose words are recorded.
const RECORDED: &str = "1.95";

#[test]
fn errors_of_the_macro() {
    let cases = trybuild::TestCases::new();
    for topic in [
        "arguments",
        "generic",
        "image",
        "indices",
        "loss",
        "names",
        "own",
        "parameters",
        "parts",
        "sequence",
        "shape",
        "sizes",
        "syntax",
        "training",
    ] {
        cases.compile_fail(format!("tests/ui/{topic}/*.rs"));
    }
}

#[test]
fn errors_of_the_compiler() {
    let cases = trybuild::TestCases::new();
    if rustc_version().contains(RECORDED) {
        cases.compile_fail("tests/ui/rustc/*.rs");
    }
}

fn rustc_version() -> String {
    let rustc = std::env::var("RUSTC").unwrap_or_else(|_| "rustc".into());
    let output = Command::new(rustc).arg("--version").output().expect("rustc runs");
    String::from_utf8_lossy(&output.stdout).into_owned()
}
