//! One consistent snapshot of everything the stub knows. A snapshot never changes: a writer makes the next one and
//! publishes it through [`crate::store`], and whoever reads keeps the one they started with.

use std::sync::Arc;

use uuid::Uuid;

use crate::fixture::Fixture;
use crate::journal::{Change, StoreError};
use crate::models::for_each_model;
use crate::record::{OAuthSource, PlexSource};
use crate::reference_data::ReferenceData;
use crate::row::Row;
use crate::table::Table;

/// A row with a table of its own in the state and in a journal, as every model in the list of `models.rs` has.
pub trait Record: Row {
    /// The name of the table.
    const TABLE: &'static str;

    /// Returns the table of a state that holds rows of this type.
    fn table(state: &State) -> &Table<Self>;

    /// Returns the same table, to change it.
    fn table_mut(state: &mut State) -> &mut Table<Self>;
}

/// Makes a snapshot of the list of models.
macro_rules! state {
    ($($(#[$about:meta])* $table:ident: $record:ty $(=> $module:ident::$viewset:ident)?;)*) => {
        /// A snapshot.
        #[derive(Debug, Clone, Default)]
        pub struct State {
            /// The objects that never change.
            pub reference_data: Arc<ReferenceData>,
            $($(#[$about])* pub $table: Table<$record>,)*
        }

        impl State {
            /// Returns the state a fixture describes.
            #[must_use]
            pub fn of(fixture: &Fixture) -> Self {
                Self {
                    reference_data: Arc::new(ReferenceData::of(fixture)),
                    $($table: fixture.$table.iter().cloned().collect(),)*
                }
            }
        }

        $(impl Record for $record {
            const TABLE: &'static str = stringify!($table);

            fn table(state: &State) -> &Table<Self> {
                &state.$table
            }

            fn table_mut(state: &mut State) -> &mut Table<Self> {
                &mut state.$table
            }
        })*

        /// Every table a journal holds.
        const TABLES: &[TableFormat] = &[$(TableFormat::of::<$record>()),*];
    };
}

for_each_model!(state);

/// Reads and writes one type of rows as bytes.
struct TableFormat {
    name: &'static str,
    dump: fn(&State) -> Result<Vec<Change>, StoreError>,
    load: fn(&mut State, &[u8]) -> Result<(), StoreError>,
}

impl TableFormat {
    const fn of<R: Record>() -> Self {
        Self {
            name: R::TABLE,
            dump: |state| R::table(state).iter().map(|row| Change::put(R::TABLE, row)).collect(),
            load: |state, bytes| {
                let row: R =
                    serde_json::from_slice(bytes).map_err(|error| StoreError::row(R::TABLE, &error))?;
                R::table_mut(state).put(row);
                Ok(())
            },
        }
    }
}

impl State {
    /// Returns a state with this reference data and no rows.
    #[must_use]
    pub fn empty(reference_data: Arc<ReferenceData>) -> Self {
        Self { reference_data, ..Self::default() }
    }

    /// Adds a row as a journal holds it.
    ///
    /// # Errors
    /// If there is no such table, or the bytes are no row of it.
    pub fn load(&mut self, table: &str, bytes: &[u8]) -> Result<(), StoreError> {
        match TABLES.iter().find(|format| format.name == table) {
            Some(format) => (format.load)(self, bytes),
            None => Err(StoreError::Damaged(format!("it has rows of an unknown table `{table}`"))),
        }
    }

    /// Returns every row as a journal holds it.
    ///
    /// # Errors
    /// If a row cannot be written as JSON.
    pub fn dump(&self) -> Result<Vec<Change>, StoreError> {
        let tables: Result<Vec<_>, _> = TABLES.iter().map(|format| (format.dump)(self)).collect();
        Ok(tables?.into_iter().flatten().collect())
    }

    /// Returns the Plex source with this slug.
    #[must_use]
    pub fn plex_source(&self, slug: &str) -> Option<&PlexSource> {
        self.plex_sources.iter().find(|source| source.slug == slug)
    }

    /// Returns `true` if a source of any kind other than `except` has this slug.
    #[must_use]
    pub fn has_source(&self, slug: &str, except: Option<Uuid>) -> bool {
        let plex = self.plex_sources.iter().map(PlexSource::base);
        let oauth = self.oauth_sources.iter().map(OAuthSource::base);
        plex.chain(oauth).any(|source| source.slug == slug && Some(source.pk) != except)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_snapshot_does_not_see_later_changes() {
        let mut state = State::of(&Fixture::sample().unwrap());
        let before = state.clone();
        let key = state.plex_sources.iter().next().unwrap().pk;
        assert!(state.plex_sources.remove(&key) && !state.plex_sources.remove(&key));
        assert_eq!(before.plex_sources.len(), state.plex_sources.len() + 1);
        assert!(before.plex_sources.get(&key).is_some());
    }

    #[test]
    fn a_state_can_be_written_and_read() {
        let state = State::of(&Fixture::sample().unwrap());
        let mut again = State::empty(Arc::clone(&state.reference_data));
        for change in state.dump().unwrap() {
            again.load(change.table, change.value.as_deref().unwrap()).unwrap();
        }
        assert!(state.plex_sources.iter().eq(again.plex_sources.iter()));
        assert!(state.oauth_sources.iter().eq(again.oauth_sources.iter()));
        assert!(state.group_oauth_connections.iter().eq(again.group_oauth_connections.iter()));
    }

    #[test]
    fn a_row_of_an_unknown_table_is_refused() {
        assert!(State::default().load("nowhere", b"{}").is_err());
        assert!(State::default().load("plex_sources", b"{}").is_err());
    }

    #[test]
    fn slugs_are_shared_by_all_kinds_of_sources() {
        let state = State::of(&Fixture::sample().unwrap());
        let (plex, oauth) =
            (state.plex_sources.iter().next().unwrap(), state.oauth_sources.iter().next().unwrap());
        assert!(state.has_source(&plex.slug, None) && !state.has_source(&plex.slug, Some(plex.pk)));
        assert!(state.has_source(&oauth.slug, Some(plex.pk)) && state.plex_source(&oauth.slug).is_none());
    }
}
