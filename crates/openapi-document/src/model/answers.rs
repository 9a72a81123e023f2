//! The answers of an operation when all is well.

use std::collections::BTreeSet;

use super::Schemas;
use super::media::Media;
use super::operation::Operation;
use super::response::Response;
use super::schema::SchemaId;
use super::status::Status;
use crate::form::Form;

/// The answers of an operation when all is well, as one type has to hold them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answers {
    /// The statuses of such answers.
    pub statuses: Vec<Status>,
    /// The form in which values travel.
    pub form: AnswerForm,
    /// `true` if an answer may also have no content.
    pub optional: bool,
    /// The schemas of the values, if they are JSON: each schema once.
    pub schemas: Vec<SchemaId>,
    /// `true` if some value of JSON has no schema, so that it may be anything.
    pub anything: bool,
    /// `true` if the connection becomes one of another protocol.
    pub upgrades: bool,
}

/// The form that an answer is read as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AnswerForm {
    /// There is no content.
    Nothing,
    /// JSON.
    Json,
    /// A text.
    Text,
    /// Bytes, and whatever else may be of several kinds.
    Bytes,
}

impl<'a> Operation<'a> {
    /// Returns whether the operation succeeds by giving its connection to another protocol.
    #[must_use]
    pub fn upgrades(&self) -> bool {
        let answers =
            |class: u16| self.responses.iter().any(|response| response.status.class() == Some(class));
        let switches = self.responses.iter().any(|response| response.status == Status::Code(101));
        switches && !answers(2) || self.value.get("x-dropshot-websocket").is_some()
    }

    /// Returns what the operation answers when all is well: what its 2xx responses say, or else `default`, or else its
    /// redirections.
    #[must_use]
    pub fn answers(&self, schemas: &Schemas<'a>) -> Answers {
        let of_class = |class: u16| -> Vec<&Response<'a>> {
            self.responses.iter().filter(|response| response.status.class() == Some(class)).collect()
        };
        let succeeding = of_class(2);
        let default = self.responses.iter().find(|response| response.status == Status::Default);
        let upgrades = self.upgrades();
        let found = match default {
            _ if !succeeding.is_empty() || upgrades => succeeding,
            Some(default) => vec![default],
            None => of_class(3),
        };
        let statuses = found.iter().map(|response| response.status);
        let mut statuses: Vec<Status> = statuses.filter(|status| *status != Status::Default).collect();
        if statuses.is_empty() {
            statuses.push(Status::Class(2));
        }
        let (mut forms, mut values, mut anything) = (BTreeSet::new(), Vec::new(), false);
        for response in found {
            let (form, media) = of_media(&response.media);
            forms.insert(form);
            match media.map(|media| media.schema) {
                Some(Some(schema)) if !values.iter().any(|known| schemas.are_same(*known, schema)) => {
                    values.push(schema);
                }
                Some(None) => anything = true,
                _ => {}
            }
        }
        let mut with_content = forms.iter().copied().filter(|form| *form != AnswerForm::Nothing);
        let form = match (with_content.next(), with_content.next()) {
            (None, _) => AnswerForm::Nothing,
            (Some(form), None) => form,
            // Nothing else is all of them.
            (Some(_), Some(_)) => AnswerForm::Bytes,
        };
        let optional = form == AnswerForm::Json && forms.contains(&AnswerForm::Nothing);
        Answers { statuses, form, optional, schemas: values, anything, upgrades }
    }
}

/// Returns what an answer of these content types is read as, and the content type of its JSON.
fn of_media<'m, 'a>(media: &'m [Media<'a>]) -> (AnswerForm, Option<&'m Media<'a>>) {
    let json = media.iter().filter(|media| media.form == Form::Json);
    if let Some(media) = json.min_by_key(|media| !media.is_plain_json()) {
        return (AnswerForm::Json, Some(media));
    }
    match media {
        [] => (AnswerForm::Nothing, None),
        media if media.iter().all(|media| media.form == Form::Text) => (AnswerForm::Text, None),
        _ => (AnswerForm::Bytes, None),
    }
}

impl Schemas<'_> {
    /// Returns whether two schemas are written alike.
    #[must_use]
    pub fn are_same(&self, one: SchemaId, other: SchemaId) -> bool {
        one == other || self.get(one).value == self.get(other).value
    }
}
