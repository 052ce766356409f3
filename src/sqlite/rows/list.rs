//! Lists, by the way that is planned for each.

use super::SqliteRows;
use crate::documents::rows::list::{FoundPlaces, ListRows};
use crate::error::Result;
use crate::model::query::ListRequest;
use crate::sqlite::lists::nouns;

impl ListRows for SqliteRows<'_> {
    fn places(&mut self, tenant: i64, list: &ListRequest) -> Result<FoundPlaces> {
        nouns::places(self.connection, tenant, list)
    }
}
