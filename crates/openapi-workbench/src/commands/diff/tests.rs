use super::*;

const OLD: &str = r"
openapi: 3.0.3
info: {title: t, version: '1'}
paths:
  /pets/:
    get:
      operationId: pets_list
      parameters: [{name: kind, in: query, schema: {type: string}}]
      responses:
        '200': {description: '', content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}}}}
components:
  schemas:
    Pet: {type: object, required: [name], properties: {name: {type: string}, kind: {type: string, enum: [cat]}}}
";

const NEW: &str = r"
openapi: 3.0.3
info: {title: t, version: '2'}
paths:
  /pets/:
    get:
      operationId: pets_list
      parameters: [{name: kind, in: query, schema: {type: string}}, {name: owner, in: query, schema: {type: string}}]
      responses:
        '200': {description: '', content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}}}}
components:
  schemas:
    Pet: {type: object, properties: {name: {type: string}, kind: {type: string, enum: [cat, dog]}}}
";

/// Compares the two texts, and calls them `old.yaml` and `new.yaml`.
fn report(old: &str, new: &str, format: Format, fail_on: FailOn, color: bool) -> Report {
    report_with(old, new, color, |old, new| Arguments {
        old,
        new,
        format,
        fail_on,
        no_extensions: false,
        chosen: Chosen::default(),
    })
}

fn report_with(old: &str, new: &str, color: bool, arguments: impl Fn(String, String) -> Arguments) -> Report {
    let directory = tempfile::tempdir().unwrap();
    let path = |name: &str, text: &str| {
        let path = directory.path().join(name);
        std::fs::write(&path, text).unwrap();
        path.display().to_string()
    };
    let (old, new) = (path("old.yaml", old), path("new.yaml", new));
    let mut report = run(&arguments(old, new), &|argument| crate::source::read(argument, color), color);
    report.text = report.text.replace(&format!("{}/", directory.path().display()), "");
    report
}

#[test]
fn changes_are_told_worst_first() {
    insta::assert_snapshot!(report(OLD, NEW, Format::Text, FailOn::Never, false).text);
}

#[test]
fn a_terminal_shows_the_same_in_colour() {
    let report = report(OLD, NEW, Format::Text, FailOn::Never, true);
    // Escapes are shown as text, so that the snapshot can be read.
    insta::assert_snapshot!(report.text.replace('\u{1b}', "<esc>"));
}

#[test]
fn a_changelog_has_the_same_changes() {
    insta::assert_snapshot!(report(OLD, NEW, Format::Markdown, FailOn::Never, false).text);
}

#[test]
fn annotations_stand_at_lines_of_the_new_document() {
    insta::assert_snapshot!(report(OLD, NEW, Format::Github, FailOn::Never, false).text);
    let spelt = OLD.replace("operationId: pets_list", "operationId: \"pets:50%,\\n\"");
    let text = report(OLD, &spelt, Format::Github, FailOn::Never, false).text;
    assert!(text.contains("50%25,%0A"), "{text}");
}

#[test]
fn json_is_one_list_with_what_a_program_asks_for() {
    insta::assert_snapshot!(report(OLD, NEW, Format::Json, FailOn::Never, true).text);
    assert_eq!(report(OLD, OLD, Format::Json, FailOn::Never, false).text, "[]\n");
}

#[test]
fn the_exit_code_says_whether_the_limit_was_reached() {
    let documented = OLD.replace("title: t", "title: u");
    for (new, limits) in [
        (NEW, [Outcome::Findings, Outcome::Findings, Outcome::Findings, Outcome::Findings, Outcome::Clean]),
        (&documented, [Outcome::Clean, Outcome::Clean, Outcome::Clean, Outcome::Findings, Outcome::Clean]),
        (OLD, [Outcome::Clean; 5]),
    ] {
        let found: Vec<Outcome> = FailOn::value_variants()
            .iter()
            .map(|fail_on| report(OLD, new, Format::Text, *fail_on, false).outcome)
            .collect();
        assert_eq!(found, limits);
    }
}

#[test]
fn what_is_wrong_with_either_document_is_told_and_fails() {
    let failed = report("openapi: 4.1.0", "a: [", Format::Json, FailOn::Never, false);
    assert_eq!(failed.outcome, Outcome::Failure);
    assert!(failed.text.contains("old.yaml:1") && failed.text.contains("new.yaml:1"), "{}", failed.text);
}

#[test]
fn extensions_are_left_out_on_demand() {
    let id = "operationId: pets_list";
    let extended = OLD.replace(id, &format!("{id}\n      x-note: n\n      x-view-name: Pets"));
    for (no_extensions, outcome) in [(false, Outcome::Findings), (true, Outcome::Clean)] {
        let (format, fail_on) = (Format::Json, FailOn::Documentation);
        let report = report_with(OLD, &extended, false, |old, new| Arguments {
            old,
            new,
            format,
            fail_on,
            no_extensions,
            chosen: Chosen::default(),
        });
        assert_eq!((report.outcome, report.text == "[]\n"), (outcome, no_extensions));
    }
}

#[test]
fn only_what_is_chosen_is_compared() {
    let more = OLD.replace(
        "paths:",
        "paths:\n  /birds/: {get: {operationId: birds_list, responses: {'204': {description: ''}}}}",
    );
    for (glob, outcome) in
        [("pets_*", Outcome::Clean), ("birds_*", Outcome::Findings), ("fish_*", Outcome::Failure)]
    {
        let report = report_with(OLD, &more, false, |old, new| Arguments {
            old,
            new,
            format: Format::Text,
            fail_on: FailOn::Compatible,
            no_extensions: false,
            chosen: Chosen { operations: vec![glob.to_owned()], ..Chosen::default() },
        });
        assert_eq!(report.outcome, outcome, "{}", report.text);
    }
}
