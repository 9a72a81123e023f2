//! Writes what the runtime has to know of each operation, as tables.

use std::borrow::Cow;

use proc_macro2::{Literal, TokenStream};
use quote::{format_ident, quote};

use super::{construction, security, shapes};
use crate::rust::RustFile;
use openapi_document::error::Result;
use openapi_document::model::{
    AnswerForm, Answers, Encoding, Form, Location, Media, Model, Operation, Parameter, ParameterValue,
    Status, Style, chosen,
};

/// Writes a static for each operation.
pub(super) fn file(model: &Model<'_>) -> Result<RustFile> {
    let document = model.document;
    let mut file = RustFile::new("Describes each operation to the runtime.")
        .allow("dead_code, non_upper_case_globals, unused_imports")
        .allow("clippy::all, clippy::pedantic");
    let head = quote! {
        use ::openapi_client_runtime::codegen::{
            Content, Encoding, Operation, Parameter, Pattern, Requirement, Shape, Style, reads,
        };
        use super::shapes;
    };
    file.push_tokens(document, None, head)?;
    for operation in &model.operations {
        let Operation { id, path, .. } = operation;
        let constant = format_ident!("{}", model.names().operation_constant(id));
        let method = operation.method.to_ascii_uppercase();
        let parameters = operation.parameters.iter().map(parameter);
        let body = operation.body.as_ref().and_then(|body| body.sent()).map(|media| content(model, media));
        let body = body.map_or_else(|| quote!(None), |body| quote!(Some(#body)));
        let answers = operation.answers(&model.schemas);
        let (accept, success) = (accept(operation, &answers), success(&answers));
        let shape = shapes::answer(operation).map(|schema| shapes::shape(model, schema, &quote!(shapes::)));
        let answer = shape.map_or_else(|| quote!(None), |shape| quote!(Some(#shape)));
        let security = security::alternatives(model, operation);
        let server = operation.servers.first().map(construction::server);
        let server = server.map_or_else(|| quote!(None), |server| quote!(Some(#server)));
        let item = quote! {
            pub(crate) static #constant: Operation = Operation {
                id: #id,
                method: #method,
                path: #path,
                server: #server,
                parameters: &[#(#parameters),*],
                body: #body,
                accept: #accept,
                success: &[#(#success),*],
                answer: #answer,
                security: #security,
            };
        };
        file.push_tokens(document, Some(&operation.pointer), item)?;
    }
    Ok(file)
}

/// Says where a parameter goes and how it is written there, as far as that is not the usual.
fn parameter(parameter: &Parameter<'_>) -> TokenStream {
    let Parameter { name, location, style, explode, allow_reserved, .. } = parameter;
    let is_json = matches!(&parameter.of, ParameterValue::Media(media) if media.form == Form::Json);
    let style =
        if is_json { Some(quote!(.style(Style::Json, false))) } else { styled(*location, *style, *explode) };
    let reserved = allow_reserved.then(|| quote!(.reserved()));
    let place = format_ident!(
        "{}",
        match location {
            Location::Path => "path",
            Location::Query => "query",
            Location::Header => "header",
            Location::Cookie => "cookie",
        }
    );
    quote!(Parameter::#place(#name) #style #reserved)
}

/// Returns the call that sets another style than the usual; `None` for the usual one.
fn styled(location: Location, style: Style, explode: bool) -> Option<TokenStream> {
    let usual = location.default_style();
    let is_usual = style == usual && explode == (usual == Style::Form);
    (!is_usual).then(|| {
        let style = format_ident!("{style:?}");
        quote!(.style(Style::#style, #explode))
    })
}

/// Returns the kind of content that a body is sent as.
fn content(model: &Model<'_>, media: &Media<'_>) -> TokenStream {
    // A range says nothing that could be sent.
    let content_type = match (media.content_type, media.form) {
        (range, Form::Text) if range.contains('*') => Cow::Borrowed("text/plain"),
        (range, Form::Json) if range.contains('*') => Cow::Borrowed("application/json"),
        (range, _) if range.contains('*') => {
            let kind = range.split('/').next().filter(|kind| *kind != "*");
            Cow::Owned(format!("{}/octet-stream", kind.unwrap_or("application")))
        }
        (content_type, _) => Cow::Borrowed(content_type),
    };
    let mut encodings = media.encoding.clone();
    if media.is_in_order() {
        // Parts that are no form's are told apart by their order, which is that of the properties.
        let properties = media.schema.map(|schema| model.schemas.properties(schema)).unwrap_or_default();
        let place = |name: &str| properties.iter().position(|property| property.name == name);
        let named: Vec<_> = encodings.iter().map(|(name, _)| *name).collect();
        let others = properties.iter().filter(|property| !named.contains(&property.name));
        encodings.extend(others.map(|property| (property.name, Encoding::default())));
        encodings.sort_by_key(|(name, _)| place(name).unwrap_or(usize::MAX));
        encodings.dedup_by_key(|(name, _)| *name);
    }
    if encodings.is_empty() {
        return quote!(Content::of(#content_type));
    }
    let encodings = encodings.iter().map(|(name, encoding)| self::encoding(name, encoding));
    quote!(Content { media_type: #content_type, encoding: &[#(#encodings),*] })
}

/// Says how a property of a form is written. Only where a style is given, it is that of a parameter.
fn encoding(name: &str, encoding: &Encoding<'_>) -> TokenStream {
    let content_type = encoding.content_type.map_or_else(|| quote!(None), |text| quote!(Some(#text)));
    let parameter = encoding.styled().map(|(style, explode)| {
        let style = styled(Location::Query, style, explode);
        let reserved = encoding.allow_reserved.then(|| quote!(.reserved()));
        quote!(Parameter::query(#name) #style #reserved)
    });
    let parameter = parameter.map_or_else(|| quote!(None), |parameter| quote!(Some(#parameter)));
    quote!(Encoding { property: #name, content_type: #content_type, parameter: #parameter })
}

/// Returns the kinds of JSON in which an operation answers when all is well. Of anything else there is only one.
fn accept(operation: &Operation<'_>, answers: &Answers) -> String {
    if answers.form != AnswerForm::Json || answers.upgrades {
        return String::new();
    }
    let of_success = operation.responses.iter().filter(|response| match response.status {
        Status::Default => answers.statuses == [Status::Class(2)],
        status => answers.statuses.contains(&status),
    });
    let mut types: Vec<String> = Vec::new();
    for media in of_success.filter_map(|response| chosen(&response.media)) {
        let essence = media.essence();
        if media.form == Form::Json && !types.contains(&essence) {
            types.push(essence);
        }
    }
    if types.is_empty() { "application/json".to_owned() } else { types.join(", ") }
}

/// Returns the statuses of the answers that an operation is for.
fn success(answers: &Answers) -> Vec<TokenStream> {
    if answers.upgrades {
        return vec![quote!(101..=101)];
    }
    let mut statuses = answers.statuses.clone();
    statuses.sort_unstable();
    let ranges = statuses.iter().filter_map(|status| match status {
        Status::Code(code) => Some((*code, *code)),
        Status::Class(digit) => Some((digit * 100, digit * 100 + 99)),
        Status::Default => None,
    });
    let ranges = ranges.map(|(first, last)| {
        let (first, last) = (Literal::u16_unsuffixed(first), Literal::u16_unsuffixed(last));
        quote!(#first..=#last)
    });
    ranges.collect()
}
