//! The presets of the standard library: what all of them must hold. Must not name one.

use stackc::stdlib;

/// The words of a text without its comments.
fn words(text: &str) -> Vec<&str> {
    let code = text.lines().filter(|line| !line.trim_start().starts_with('#'));
    code.flat_map(|line| line.split(|c: char| !c.is_alphanumeric() && c != '_')).collect()
}

#[test]
fn every_parameter_is_used() {
    let mut known = 0;
    for module in stdlib::modules() {
        let text = stdlib::module(&format!("{}.stack", module.replace('.', "/"))).unwrap();
        for template in text.split("\ntemplate ").skip(1) {
            let all = words(template);
            for (at, _) in all.iter().enumerate().filter(|(_, word)| **word == "param") {
                let name = all[at + 1];
                let uses = all.iter().filter(|word| **word == name).count();
                assert!(uses > 1, "`{name}` of `{}` in {module} changes nothing", all[1]);
                known += 1;
            }
        }
    }
    assert!(known > 20, "{known} parameters");
}
