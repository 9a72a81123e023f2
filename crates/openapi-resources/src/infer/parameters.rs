//! Infers the meaning of the parameters of a list from their names and types.

use openapi_document::model::{Kind, Location, Operation, Parameter, Schema, SchemaId, Style};
use serde_json::Value;

use super::annotations::FilterNotes;
use super::shapes::{plain_name, properties};
use super::{Gap, Inference};
use crate::definition::{
    Collection, Filter, Lookup, Model as ModelDefinition, Ordering, Paging, Search, SearchField,
};

/// The number of rows of a page where nothing says it.
const USUAL_SIZE: usize = 20;

/// Names of parameters that order a list.
const ORDERING: [&str; 5] = ["ordering", "orderby", "sort", "sortby", "order"];
/// Names of parameters that say which end is first.
const DIRECTION: [&str; 7] =
    ["order", "direction", "sortdirection", "sortorder", "sortdir", "dir", "orderdirection"];
/// Names of parameters that search.
const SEARCH: [&str; 8] =
    ["search", "q", "query", "keyword", "keywords", "term", "searchterm", "searchstring"];
const PAGE: [&str; 5] = ["page", "pagenumber", "pageno", "pagenum", "pageindex"];
const SIZE: [&str; 13] = [
    "pagesize",
    "perpage",
    "size",
    "limit",
    "pagelimit",
    "resultsperpage",
    "itemsperpage",
    "maxresults",
    "take",
    "count",
    "max",
    "top",
    "rows",
];
const OFFSET: [&str; 4] = ["offset", "skip", "start", "startindex"];
const CURSOR: [&str; 11] = [
    "cursor",
    "pagetoken",
    "startcursor",
    "nexttoken",
    "nextmarker",
    "marker",
    "continuation",
    "continuationtoken",
    "after",
    "startingafter",
    "pagecursor",
];

/// The parameters of a query that are looked at, and those that are spoken for.
struct Parameters<'m, 'a> {
    all: Vec<&'m Parameter<'a>>,
    used: Vec<&'a str>,
}

impl<'m, 'a> Parameters<'m, 'a> {
    /// Takes the parameter of this role, or else of the first of these names.
    fn take(
        &mut self,
        role: &str,
        names: &[&str],
        fits: impl Fn(&Parameter<'a>) -> bool,
    ) -> Option<&'m Parameter<'a>> {
        let is_free = |parameter: &&&Parameter<'a>| !self.used.contains(&parameter.name);
        let free = || self.all.iter().filter(is_free);
        let of_role = free().find(|parameter| parameter.value.get("x-role") == Some(&Value::from(role)));
        let unspoken = |parameter: &&&Parameter<'a>| {
            ["x-role", "x-filter"].iter().all(|key| parameter.value.get(*key).is_none())
        };
        let found = of_role.copied().or_else(|| {
            let called = |name: &&str| {
                free()
                    .filter(unspoken)
                    .find(|parameter| plain_name(parameter.name) == **name && fits(parameter))
            };
            names.iter().find_map(called).copied()
        })?;
        self.used.push(found.name);
        Some(found)
    }
}

impl<'a> Inference<'a> {
    /// Infers what the parameters of a list mean, and adds it to the collection.
    pub(super) fn parameters(
        &mut self,
        operation: &Operation<'a>,
        item: SchemaId,
        collection: &mut Collection,
        pointer: &str,
    ) {
        let mut parameters =
            Parameters { all: operation.parameters_in(Location::Query).collect(), used: Vec::new() };
        if collection.paging == Paging::None {
            collection.paging = self.paging(&mut parameters);
        } else {
            let taken = collection.paging.parameters();
            let taken =
                parameters.all.iter().map(|parameter| parameter.name).filter(|name| taken.contains(name));
            parameters.used.extend(taken);
        }
        self.ordering(&mut parameters, collection);
        self.search(&mut parameters, item, collection);
        let rest = parameters.all.iter().filter(|parameter| !parameters.used.contains(&parameter.name));
        let spoken_for: Vec<String> =
            collection.ordering.iter().map(|ordering| ordering.parameter.clone()).collect();
        for parameter in rest.filter(|parameter| !spoken_for.iter().any(|name| name == parameter.name)) {
            self.places.insert(
                format!("{pointer}/filters/{}", openapi_document::pointer::escape(parameter.name)),
                parameter.pointer.clone(),
            );
            self.filter(parameter, collection);
        }
    }

    fn schema(&self, parameter: &Parameter<'a>) -> Option<&Schema<'a>> {
        Some(self.model.resolved(parameter.schema()?))
    }

    fn kind(&self, parameter: &Parameter<'a>) -> Option<Kind> {
        self.schema(parameter)?.kind
    }

    fn paging(&self, parameters: &mut Parameters<'_, 'a>) -> Paging {
        let is_number = |parameter: &Parameter<'a>| {
            self.kind(parameter).is_none_or(|kind| matches!(kind, Kind::Integer | Kind::Number))
        };
        let number = |parameter: Option<&Parameter<'a>>, key: &str| -> Option<usize> {
            let schema = self.schema(parameter?)?;
            let value = if key == "default" { schema.default } else { schema.value.get(key) };
            usize::try_from(value?.as_u64()?).ok()
        };
        let page = parameters.take("page", &PAGE, is_number);
        let offset = if page.is_none() { parameters.take("offset", &OFFSET, is_number) } else { None };
        let is_text = |parameter: &Parameter<'a>| {
            self.kind(parameter).is_none_or(|kind| kind == Kind::String)
                && self.schema(parameter).is_none_or(|schema| schema.format != Some("date-time"))
        };
        let cursor = if page.is_none() && offset.is_none() {
            parameters.take("cursor", &CURSOR, is_text)
        } else {
            None
        };
        let size = parameters.take("page-size", &SIZE, is_number);
        let name = |parameter: Option<&Parameter<'a>>| parameter.map(|parameter| parameter.name.to_owned());
        let (default_size, max_size) = (number(size, "default"), number(size, "maximum"));
        match (page, offset, cursor) {
            (Some(page), ..) => {
                let is_zero = |key: &str| number(Some(page), key) == Some(0);
                let first = u64::from(
                    !(is_zero("default") || is_zero("minimum") && number(Some(page), "default").is_none()),
                );
                let default_size = default_size.unwrap_or(USUAL_SIZE);
                Paging::Page {
                    page: page.name.to_owned(),
                    first,
                    size: name(size),
                    default_size,
                    max_size,
                    lenient: true,
                }
            }
            (_, _, Some(cursor)) => Paging::Cursor {
                cursor: cursor.name.to_owned(),
                limit: name(size),
                default_limit: default_size.unwrap_or(USUAL_SIZE),
                max_limit: max_size,
            },
            (_, None, _) if size.is_none() => Paging::None,
            (_, offset, _) => Paging::Offset {
                offset: name(offset),
                limit: name(size),
                default_limit: default_size,
                max_limit: max_size,
            },
        }
    }

    fn ordering(&mut self, parameters: &mut Parameters<'_, 'a>, collection: &mut Collection) {
        if collection.ordering.is_some() {
            return;
        }
        let words = |parameter: &Parameter<'a>| -> Vec<String> {
            let Some(schema) = self.schema(parameter) else { return Vec::new() };
            let items = schema.items.map(|items| self.model.resolved(items));
            let words = schema.words().or_else(|| items.and_then(Schema::words)).unwrap_or_default();
            words.into_iter().map(str::to_owned).collect()
        };
        let is_direction = |parameter: &Parameter<'a>| {
            let words = words(parameter);
            !words.is_empty()
                && words.iter().all(|word| {
                    word.to_lowercase().starts_with("asc") || word.to_lowercase().starts_with("desc")
                })
        };
        let is_order = |parameter: &Parameter<'a>| {
            !is_direction(parameter)
                && self.kind(parameter).is_none_or(|kind| matches!(kind, Kind::String | Kind::Array))
        };
        let Some(parameter) = parameters.take("ordering", &ORDERING, is_order) else { return };
        let direction = parameters.take("direction", &DIRECTION, is_direction);
        let mut ordering = Ordering {
            parameter: parameter.name.to_owned(),
            direction: direction.map(|parameter| parameter.name.to_owned()),
            ..Ordering::default()
        };
        let words = words(parameter);
        let fields = self.fields(collection);
        if words.is_empty() {
            ordering.fields = fields.iter().map(|field| (field.clone(), field.clone())).collect();
        }
        let mut unknown = Vec::new();
        for word in &words {
            let bare = word.trim_start_matches(['-', '+']);
            let bare = bare.split(':').next().unwrap_or(bare);
            match field_named(&fields, bare) {
                Some(field) => drop(ordering.fields.insert(bare.to_owned(), field)),
                None if !bare.is_empty() && !unknown.contains(&bare) => unknown.push(bare),
                None => {}
            }
        }
        if !unknown.is_empty() {
            self.gaps.push(Gap {
                pointer: parameter.pointer.clone(),
                message: format!("nothing says what the order `{}` is", unknown.join("`, `")),
                help: "map it in `ordering` of `x-resource`; requests with it are refused until then"
                    .to_owned(),
            });
        }
        collection.ordering = Some(ordering);
    }

    fn search(&mut self, parameters: &mut Parameters<'_, 'a>, item: SchemaId, collection: &mut Collection) {
        let is_text =
            |parameter: &Parameter<'a>| self.kind(parameter).is_none_or(|kind| kind == Kind::String);
        // A property of the name is what is filtered by.
        let fields = self.fields(collection);
        let names: Vec<&str> =
            SEARCH.iter().copied().filter(|name| field_named(&fields, name).is_none()).collect();
        let Some(parameter) = parameters.take("search", &names, is_text) else { return };
        if let Some(search) = &mut collection.search {
            parameter.name.clone_into(&mut search.parameter);
            // Where there is nothing to search, everything is found.
            if search.fields.is_empty() {
                collection.search = None;
                collection.ignored.push(parameter.name.to_owned());
            }
            return;
        }
        let model = self.definition.models.get(&collection.model);
        let shown = properties(self.model, item);
        let shown = shown.iter().filter(|property| {
            !self.model.schema(property.schema).write_only && !self.model.resolved(property.schema).write_only
        });
        let shown: Vec<&str> = shown.map(|property| property.name).collect();
        let texts = fields.iter().filter(|field| shown.contains(&field.as_str())).filter(|field| {
            let found = model.and_then(|model| model.fields.get(*field));
            found
                .is_some_and(|field| field.kind == crate::definition::Kind::Text && field.reference.is_none())
        });
        let fields = texts.map(|field| SearchField::of(field)).collect();
        collection.search =
            Some(Search { parameter: parameter.name.to_owned(), fields, ..Search::default() });
    }

    /// Returns the fields that the rows of a collection have, those of bases included.
    fn fields(&self, collection: &Collection) -> Vec<String> {
        let mut fields = Vec::new();
        let mut current: Option<&ModelDefinition> = self.definition.models.get(&collection.model);
        for _ in 0..=self.definition.models.len() {
            let Some(model) = current else { break };
            fields.extend(model.fields.keys().cloned());
            current = model.base.as_ref().and_then(|base| self.definition.models.get(base));
        }
        fields
    }

    fn filter(&mut self, parameter: &Parameter<'a>, collection: &mut Collection) {
        let name = parameter.name.to_owned();
        if collection.filters.contains_key(&name) || collection.ignored.contains(&name) {
            return;
        }
        if let Some(notes) = self.note::<FilterNotes>(&parameter.pointer, parameter.value, "x-filter") {
            match notes.filter() {
                Some(filter) => drop(collection.filters.insert(name, filter)),
                None => collection.ignored.push(name),
            }
            return;
        }
        if let Some(mut filter) = inferred(&self.fields(collection), parameter.name) {
            let is_list = self.kind(parameter) == Some(Kind::Array);
            filter.separator = match parameter.style {
                _ if !is_list => None,
                Style::SpaceDelimited => Some(' '),
                Style::PipeDelimited => Some('|'),
                _ => Some(',').filter(|_| !parameter.explode),
            };
            collection.filters.insert(name, filter);
            return;
        }
        self.gaps.push(Gap {
            pointer: parameter.pointer.clone(),
            message: format!("nothing says what the parameter `{}` narrows a list by", parameter.name),
            help: "annotate it with `x-filter`: a path, or `false` if it changes nothing; requests with it are refused until then".to_owned(),
        });
        if !collection.unmapped.contains(&name) {
            collection.unmapped.push(name);
        }
    }
}

/// Returns the field that is meant by a name, however it is spelled.
pub(super) fn field_named(fields: &[String], name: &str) -> Option<String> {
    let exact = fields.iter().find(|field| *field == name);
    exact.or_else(|| fields.iter().find(|field| plain_name(field) == plain_name(name))).cloned()
}

/// Returns the filter that a name describes: that of a field, perhaps with a suffix.
fn inferred(fields: &[String], name: &str) -> Option<Filter> {
    const SUFFIXES: [(&str, Lookup); 34] = [
        ("__exact", Lookup::Exact),
        ("__iexact", Lookup::IExact),
        ("__contains", Lookup::Contains),
        ("__icontains", Lookup::IContains),
        ("__startswith", Lookup::StartsWith),
        ("__istartswith", Lookup::IStartsWith),
        ("__endswith", Lookup::EndsWith),
        ("__iendswith", Lookup::IEndsWith),
        ("__gt", Lookup::Gt),
        ("__gte", Lookup::Gte),
        ("__lt", Lookup::Lt),
        ("__lte", Lookup::Lte),
        ("__in", Lookup::In),
        ("__isnull", Lookup::IsNull),
        ("__regex", Lookup::Regex),
        ("__iregex", Lookup::IRegex),
        ("[eq]", Lookup::Exact),
        ("[gt]", Lookup::Gt),
        ("[gte]", Lookup::Gte),
        ("[lt]", Lookup::Lt),
        ("[lte]", Lookup::Lte),
        ("[in]", Lookup::In),
        ("[]", Lookup::Exact),
        ("_gt", Lookup::Gt),
        ("_gte", Lookup::Gte),
        ("_lt", Lookup::Lt),
        ("_lte", Lookup::Lte),
        ("_in", Lookup::In),
        ("_contains", Lookup::Contains),
        ("_min", Lookup::Gte),
        ("_max", Lookup::Lte),
        ("_after", Lookup::Gte),
        ("_before", Lookup::Lte),
        ("_startswith", Lookup::StartsWith),
    ];
    let filter = |path: String, lookup| Filter { path, lookup, ..Filter::default() };
    if let Some(field) = field_named(fields, name) {
        return Some(filter(field, Lookup::Exact));
    }
    let with_suffix = SUFFIXES.iter().find_map(|(suffix, lookup)| {
        let field = field_named(fields, name.strip_suffix(suffix)?)?;
        Some(filter(field, *lookup))
    });
    let before =
        |prefix: &str, lookup| Some(filter(field_named(fields, name.strip_prefix(prefix)?)?, lookup));
    with_suffix.or_else(|| before("min_", Lookup::Gte)).or_else(|| before("max_", Lookup::Lte)).or_else(
        || {
            // A list is narrowed by one of its items: `tags` by `tag`.
            let field = field_named(fields, &format!("{name}s"))?;
            Some(filter(field, Lookup::Exact))
        },
    )
}
