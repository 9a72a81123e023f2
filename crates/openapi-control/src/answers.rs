//! The answers of one's own, and the states of their scenarios. A request takes the newest answer that is for it.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use http::Response;
use openapi_server_runtime::response::Body;
use serde::Serialize;

use crate::answer::{Answer, AnswerError};
use crate::api::Api;
use crate::json;
use crate::limits::{MAX_ANSWERS, MAX_BYTES_OF_A_KIND};
use crate::marks::Taken;
use crate::matching::Asked;

/// The state in which every scenario begins.
pub const STARTED: &str = "Started";

/// The answers of one's own, in the order they were given.
#[derive(Debug)]
pub struct Answers {
    book: Mutex<Book>,
    api: Arc<Api>,
}

#[derive(Debug, Default)]
struct Book {
    given: Vec<Given>,
    /// The states of scenarios that are in another than the first.
    states: BTreeMap<String, String>,
    /// The id that was given last.
    last: u64,
}

/// An answer, and how often it was given.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Given {
    /// The id, which no other answer has.
    pub id: u64,
    /// The answer.
    #[serde(flatten)]
    pub answer: Answer,
    /// The number of requests that were answered so.
    pub hits: u32,
}

/// A scenario.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Scenario {
    /// Its state.
    pub state: String,
    /// The states that its answers name, and the first.
    pub states: Vec<String>,
}

impl Answers {
    pub(crate) fn of(api: Arc<Api>) -> Self {
        Self { book: Mutex::default(), api }
    }

    /// Adds answers, which come before those that were added earlier, and returns their ids.
    ///
    /// # Errors
    /// If one of them makes no sense, can never be given, or is none that the document describes; then none is added.
    pub fn add(&self, answers: impl IntoIterator<Item = Answer>) -> Result<Vec<u64>, AnswerError> {
        let checked = answers.into_iter().map(|answer| answer.check(&self.api).map(|()| answer));
        let checked = checked.collect::<Result<Vec<_>, _>>()?;
        let mut book = self.book();
        if book.given.len() + checked.len() > MAX_ANSWERS {
            return Err(AnswerError::TooMany);
        }
        if !json::fit(book.given.iter().map(|given| &given.answer).chain(&checked)) {
            return Err(AnswerError::TooLarge(MAX_BYTES_OF_A_KIND));
        }
        let mut ids = Vec::new();
        for answer in checked {
            book.last += 1;
            let id = book.last;
            ids.push(id);
            book.given.push(Given { id, answer, hits: 0 });
        }
        Ok(ids)
    }

    /// Returns every answer, including those that are used up.
    #[must_use]
    pub fn list(&self) -> Vec<Given> {
        self.book().given.clone()
    }

    /// Returns the number of answers, and of the requests that were given one.
    pub(crate) fn counts(&self) -> (usize, u64) {
        let book = self.book();
        (book.given.len(), book.given.iter().map(|given| u64::from(given.hits)).sum())
    }

    /// Removes the answer with this id, with its scenario if no other answer names that. Returns `false` if there is none.
    pub fn remove(&self, id: u64) -> bool {
        self.book().retain(|given| given.id != id)
    }

    /// Removes the answers that are not to be kept, with their scenarios.
    pub(crate) fn retain(&self, is_kept: impl Fn(&Answer) -> bool) {
        self.book().retain(|given| is_kept(&given.answer));
    }

    /// Removes all of them, with their scenarios.
    pub fn clear(&self) {
        let mut book = self.book();
        (book.given, book.states) = (Vec::new(), BTreeMap::new());
    }

    /// Returns the scenarios that answers name.
    #[must_use]
    pub fn scenarios(&self) -> BTreeMap<String, Scenario> {
        let book = self.book();
        let mut scenarios = BTreeMap::new();
        for Given { answer, .. } in &book.given {
            let Some(name) = &answer.scenario else { continue };
            let scenario = scenarios.entry(name.clone()).or_insert_with(|| Scenario {
                state: book.state(name).to_owned(),
                states: vec![STARTED.to_owned()],
            });
            for state in [&answer.requires, &answer.becomes].into_iter().flatten() {
                if !scenario.states.contains(state) {
                    scenario.states.push(state.clone());
                }
            }
        }
        scenarios
    }

    /// Moves a scenario to one of its states. Returns `false` if there is no such scenario, or no such state of it.
    pub fn set_scenario(&self, name: &str, state: &str) -> bool {
        let is_known =
            self.scenarios().get(name).is_some_and(|known| known.states.iter().any(|it| it == state));
        if is_known {
            self.book().states.insert(name.to_owned(), state.to_owned());
        }
        is_known
    }

    /// Moves all scenarios to their first state.
    pub fn reset_scenarios(&self) {
        self.book().states.clear();
    }

    /// Returns the answer to a request, which has its id as an extension.
    pub(crate) fn take(&self, asked: &Asked<'_>) -> Option<Response<Body>> {
        let mut book = self.book();
        let Book { given, states, .. } = &mut *book;
        let found = given.iter_mut().rev().find(|Given { answer, hits, .. }| {
            let state =
                answer.scenario.as_ref().and_then(|name| states.get(name)).map_or(STARTED, String::as_str);
            answer.times.is_none_or(|times| *hits < times)
                && answer.requires.as_ref().is_none_or(|wanted| wanted == state)
                && answer.matching().fits(asked)
        })?;
        found.hits = found.hits.saturating_add(1);
        if let (Some(scenario), Some(state)) = (&found.answer.scenario, &found.answer.becomes) {
            states.insert(scenario.clone(), state.clone());
        }
        let mut response = found.answer.response();
        response.extensions_mut().insert(Taken(found.id));
        Some(response)
    }

    /// Locks the answers. No code panics while it holds this lock, so poisoning is ignored.
    fn book(&self) -> MutexGuard<'_, Book> {
        self.book.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Book {
    /// Removes the answers that are not to be kept, with the scenarios that no other names. Returns `false` if there are none.
    fn retain(&mut self, is_kept: impl Fn(&Given) -> bool) -> bool {
        let Self { given, states, .. } = self;
        let before = given.len();
        given.retain(is_kept);
        states.retain(|name, _| given.iter().any(|given| given.answer.scenario.as_ref() == Some(name)));
        given.len() < before
    }

    fn state(&self, scenario: &str) -> &str {
        self.states.get(scenario).map_or(STARTED, String::as_str)
    }
}
