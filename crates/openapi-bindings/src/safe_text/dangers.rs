//! Finds what is dangerous in a text of Markdown, with the edits that take the danger away.

use std::ops::Range;

use pulldown_cmark::{
    BrokenLink, CodeBlockKind, CowStr, Event, LinkType, Options, Parser, Tag, TagEnd, TextMergeWithOffset,
};

/// A replacement of a part of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Edit {
    range: Range<usize>,
    with: String,
}

/// The languages of code that nothing runs; any other code is text.
const LANGUAGES: [&str; 12] =
    ["bash", "console", "css", "html", "http", "javascript", "json", "python", "sh", "text", "xml", "yaml"];

/// The beginnings of the targets of links that lead away from the documentation and to nothing that runs.
const HARMLESS: [&str; 3] = ["http://", "https://", "mailto:"];

/// Where a link leads whose target is not given.
const NOWHERE: &str = "nowhere:";

/// Returns the extensions of Markdown that rustdoc has.
pub(super) fn options() -> Options {
    Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_SMART_PUNCTUATION
}

/// Returns the edits for everything dangerous in `text`.
pub(super) fn dangers(text: &str) -> Vec<Edit> {
    let nowhere = |_: BrokenLink<'_>| Some((CowStr::from(NOWHERE), CowStr::from("")));
    let parser = Parser::new_with_broken_link_callback(text, options(), Some(nowhere));
    let mut edits = Vec::new();
    for (_, definition) in parser.reference_definitions().iter() {
        let label = text.get(definition.span.clone()).unwrap_or_default();
        // The generators' own links are to code.
        if !is_harmless(&definition.dest) || label.starts_with("[`") {
            edits.push(escape(definition.span.start));
        }
    }
    let mut code: Option<(Range<usize>, String)> = None;
    let mut link_depth = 0_usize;
    // An address with an underscore would else be several texts.
    for (event, range) in TextMergeWithOffset::new(parser.into_offset_iter()) {
        match event {
            Event::Start(Tag::CodeBlock(CodeBlockKind::Indented)) => code = Some((range, String::new())),
            Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(language)))
                if !LANGUAGES.contains(&&*language) =>
            {
                edits.extend(as_text(text, &range));
            }
            Event::End(TagEnd::CodeBlock) => {
                if let Some((range, code)) = code.take() {
                    edits.push(fenced(text, range, &code));
                }
            }
            Event::Text(part) if code.is_some() => {
                if let Some((_, code)) = &mut code {
                    code.push_str(&part);
                }
            }
            Event::Html(_) | Event::InlineHtml(_) => edits.extend(signs(text, range, '<')),
            Event::Start(Tag::Image { .. }) => edits.push(escape(range.start)),
            Event::Start(Tag::Link { link_type, dest_url, .. }) => {
                link_depth += 1;
                let is_mail = link_type == LinkType::Email;
                if !is_mail && !is_harmless(&dest_url) {
                    edits.push(escape(range.start));
                }
            }
            Event::End(TagEnd::Link) => link_depth = link_depth.saturating_sub(1),
            Event::Text(_) if link_depth == 0 => edits.extend(addresses(text, range)),
            _ => {}
        }
    }
    edits
}

/// Returns `true` if a paragraph after `text` is one of its own.
pub(super) fn ends_with_a_paragraph_of_its_own(text: &str) -> bool {
    const AFTER: &str = "\n\nafter";
    let text = format!("{text}{AFTER}");
    let mut last = None;
    let mut depth = 0_usize;
    for (event, range) in Parser::new_ext(&text, options()).into_offset_iter() {
        match event {
            Event::Start(tag) => {
                if depth == 0 {
                    last = Some((matches!(tag, Tag::Paragraph), range));
                }
                depth += 1;
            }
            Event::End(_) => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    last.is_some_and(|(is_paragraph, range)| {
        is_paragraph && text.get(range.start..) == Some(AFTER.trim_start())
    })
}

/// Returns `text` after `edits`. Of two that concern the same part, the first one is made.
pub(super) fn rewritten(text: &str, mut edits: Vec<Edit>) -> String {
    edits.sort_by_key(|edit| (edit.range.start, edit.range.end));
    let mut made = String::with_capacity(text.len() + edits.len());
    let mut done = 0;
    for Edit { range, with } in edits {
        // What was parsed comes in whole characters, and so does what is edited.
        let Some(before) = text.get(done..range.start) else { continue };
        made.push_str(before);
        made.push_str(&with);
        done = range.end;
    }
    made.push_str(text.get(done..).unwrap_or_default());
    made
}

fn is_harmless(target: &str) -> bool {
    let starts =
        |prefix: &&str| target.get(..prefix.len()).is_some_and(|start| start.eq_ignore_ascii_case(prefix));
    HARMLESS.iter().any(starts)
}

/// Returns the edit by which the character at `place` means nothing.
fn escape(place: usize) -> Edit {
    Edit { range: place..place, with: "\\".to_owned() }
}

/// Returns the edits by which a sign means nothing in a part of the text.
fn signs(text: &str, range: Range<usize>, sign: char) -> Vec<Edit> {
    let part = text.get(range.clone()).unwrap_or_default();
    part.match_indices(sign).map(|(place, _)| escape(range.start + place)).collect()
}

/// Returns the edit by which the code between fences is text.
fn as_text(text: &str, range: &Range<usize>) -> Option<Edit> {
    let first = text.get(range.clone())?.split('\n').next()?;
    let indented = first.trim_start();
    let fence = indented.chars().next()?;
    let language = indented.trim_start_matches(fence);
    let end = range.start + first.len();
    Some(Edit { range: end - language.len()..end, with: "text".to_owned() })
}

/// Returns the edit by which indented code stands between fences.
fn fenced(text: &str, range: Range<usize>, code: &str) -> Edit {
    let line = text.get(..range.start).and_then(|before| before.rfind('\n')).map_or(0, |end| end + 1);
    let before = text.get(line..range.start).unwrap_or_default();
    // Four blanks or a tab make it code; what comes before them belongs to what holds it.
    let holder = before.strip_suffix('\t').unwrap_or_else(|| {
        let blanks = before.len() - before.trim_end_matches(' ').len();
        before.get(..before.len() - blanks.min(4)).unwrap_or_default()
    });
    let following: String = holder.chars().map(|letter| if letter == '>' { '>' } else { ' ' }).collect();
    let longest = code.split(|letter| letter != '`').map(str::len).max().unwrap_or_default();
    let fence = "`".repeat(longest.max(2) + 1);
    let mut with = format!("{holder}{fence}text\n");
    for line in code.trim_end_matches('\n').lines() {
        with.push_str(format!("{following}{line}").trim_end());
        with.push('\n');
    }
    with.push_str(&following);
    with.push_str(&fence);
    let end = range.end;
    if text.get(..end).is_some_and(|whole| whole.ends_with('\n')) {
        with.push('\n');
    }
    Edit { range: line..end, with }
}

/// Returns the edits by which addresses in a part of the text are links.
fn addresses(text: &str, range: Range<usize>) -> Vec<Edit> {
    let part = text.get(range.clone()).unwrap_or_default();
    let mut edits = Vec::new();
    let mut from = 0;
    while let Some(at) = part.get(from..).and_then(next_address).map(|at| from + at) {
        let rest = part.get(at..).unwrap_or_default();
        let end = rest.find([' ', '\n', '<', '>', ')', ']', '"', '`', '\\']).unwrap_or(rest.len());
        let address = rest.get(..end).unwrap_or_default();
        let address = address.trim_end_matches(['.', ',', ';', ':', '*', '\'', '_', '~', '|']);
        let start = range.start + at;
        let is_link = text.get(..start).is_some_and(|before| before.ends_with(['<', '\\']));
        if !is_link && address.len() > "https://".len() {
            edits.push(Edit { range: start..start + address.len(), with: format!("<{address}>") });
        }
        from = at + address.len().max(1);
    }
    edits
}

fn next_address(text: &str) -> Option<usize> {
    ["https://", "http://"].iter().filter_map(|beginning| text.find(beginning)).min()
}
