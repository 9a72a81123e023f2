use proptest::prelude::*;
use pulldown_cmark::{CodeBlockKind, CowStr, Event, Parser, Tag};

use super::*;

/// Returns what could do harm in a text of documentation, as rustdoc reads it.
fn harm(text: &str) -> Vec<String> {
    let nowhere = |_: pulldown_cmark::BrokenLink<'_>| Some((CowStr::from("item"), CowStr::from("")));
    let parser = Parser::new_with_broken_link_callback(text, dangers::options(), Some(nowhere));
    let found = parser.filter_map(|event| match event {
        Event::Start(Tag::CodeBlock(CodeBlockKind::Indented)) => Some("indented code".to_owned()),
        Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(language))) => {
            let is_other = language.chars().all(|letter| letter.is_ascii_lowercase()) && *language != *"rust";
            (language.is_empty() || !is_other).then(|| format!("code in `{language}`"))
        }
        Event::Html(html) | Event::InlineHtml(html) => Some(format!("HTML {html}")),
        Event::Start(Tag::Image { dest_url, .. }) => Some(format!("an image {dest_url}")),
        Event::Start(Tag::Link { dest_url, link_type, .. }) => {
            let is_mail = link_type == pulldown_cmark::LinkType::Email;
            let leads_away = ["http://", "https://", "mailto:"]
                .iter()
                .any(|scheme| dest_url.to_ascii_lowercase().starts_with(scheme));
            (!is_mail && !leads_away).then(|| format!("a link to {dest_url}"))
        }
        _ => None,
    });
    found.collect()
}

#[test]
fn what_a_text_says_stays_and_what_it_does_is_taken_away() {
    for (text, expected) in [
        ("values[0] <b>", "values\\[0] \\<b>"),
        ("`values[0] <b>`", "`values[0] <b>`"),
        ("a < b", "a < b"),
        ("see https://a.example/b_c_d.", "see <https://a.example/b_c_d>."),
        ("see <https://a.example>", "see <https://a.example>"),
        ("see [docs](https://a.example)", "see [docs](https://a.example)"),
        ("see [docs]\n\n[docs]: https://a.example", "see [docs]\n\n[docs]: https://a.example"),
        ("see [docs](javascript:alert)", "see \\[docs](javascript:alert)"),
        ("see [`Vec`](std::vec::Vec)", "see \\[`Vec`](std::vec::Vec)"),
        ("![a](https://a.example)", "\\![a](https://a.example)"),
        ("So:\n\n    let x;\n      y;\n\nend", "So:\n\n```text\nlet x;\n  y;\n```\n\nend"),
        ("```\nlet y;\n```", "```text\nlet y;\n```"),
        ("~~~rust\nlet y;\n~~~", "~~~text\nlet y;\n~~~"),
        ("```json\n{}\n```", "```json\n{}\n```"),
        ("```json,rust\n{}\n```", "```text\n{}\n```"),
        ("> ```\n> let y;\n> ```", "> ```text\n> let y;\n> ```"),
        ("<script>\nalert()\n</script>", "\\<script>\nalert()\n\\</script>"),
        ("a\u{202e}b\0c\rd", "a\u{fffd}b\u{fffd}c\nd"),
        ("* one\n* two", "* one\n* two"),
        // It would take in what follows.
        ("```json\n{}", "\\`\\`\\`json\n\\{\\}"),
    ] {
        assert_eq!(markdown(text), expected, "{text:?}");
    }
}

#[test]
fn a_very_long_text_is_plain() {
    let emphasis = |count| markdown(&"*a* ".repeat(count));
    assert!(emphasis(1000).starts_with("*a* *a*"));
    assert!(emphasis(17_000).starts_with(r"\*a\* \*a\*"), "{}", &emphasis(17_000)[..40]);
}

#[test]
fn a_line_and_a_value_are_inert() {
    assert_eq!(line("No such\n pet."), "No such pet.");
    assert_eq!(line("    let x;\n<b>"), "let x; \\<b>");
    assert_eq!(one_line(" a\r\n```\u{85}\u{202e}b\u{7f}\u{2028}c "), "a ``` b c");
    assert_eq!(plain("<b>[a](b)*`"), r"\<b\>\[a\]\(b\)\*\`");
    for (text, expected) in
        [("a", "`a`"), ("a`b", "``a`b``"), ("`", "`` ` ``"), ("", "`  `"), ("a\nb", "`a b`")]
    {
        assert_eq!(code(text), expected);
    }
}

fn text() -> impl Strategy<Value = String> {
    let part = prop::sample::select(vec![
        "```",
        "~~~",
        "rust",
        "\n",
        "\n\n",
        "    ",
        "\t",
        "<",
        ">",
        "<!--",
        "-->",
        "<script>",
        "</div>",
        "<div>",
        "[",
        "]",
        "(",
        ")",
        "[a]: b",
        "javascript:x",
        "https://a.b",
        "`",
        "``",
        "*",
        "_",
        "\\",
        "!",
        "> ",
        "- ",
        "1. ",
        "# ",
        "\r",
        "\0",
        "\u{202e}",
        "&lt;",
        "|",
        "---",
        "a",
        " ",
        "[^1]",
        "[^1]: ",
        "<?",
        "<![CDATA[",
    ]);
    prop_oneof![
        prop::collection::vec(part, 0..24).prop_map(|parts| parts.concat()),
        "\\PC{0,40}",
        any::<String>(),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn no_text_does_harm(text in text()) {
        for made in [markdown(&text), line(&text), plain(&text), code(&text)] {
            prop_assert_eq!(harm(&made), Vec::<String>::new(), "{:?} became {:?}", text, made);
            let unseen = ['\0', '\r', '\u{202e}'];
            prop_assert!(!made.contains(unseen), "{:?}", made);
            let around = format!("before\n\n{made}\n\nafter\n\n- within: {}", line(&text));
            prop_assert_eq!(harm(&around), Vec::<String>::new(), "{:?}", around);
        }
        prop_assert!(!line(&text).contains('\n'));
    }
}
