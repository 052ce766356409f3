//! Whose documents: the numbers that stand for tenants in rows.

use super::rows::Rows;
use super::rows::state::{Numbers, next};
use super::rows::tenant::{NAMELESS, TenantRows};
use crate::error::Result;
use crate::model::TenantName;
use crate::model::tenant::{TenantPage, TenantWindow};
use hashlink::{LinkedHashMap, LruCache};

/// No row has it: a tenant that nobody has written to reads like an empty store.
const NOBODY: i64 = -1;
/// Tenants whose numbers the writer remembers.
const MAX_KNOWN: usize = 10_000;

/// The number of a tenant, for readers.
pub fn find(rows: &mut dyn Rows, name: &TenantName) -> Result<i64> {
    if name.is_empty() {
        return Ok(NAMELESS);
    }
    Ok(rows.find_tenant(name.as_str())?.unwrap_or(NOBODY))
}

/// A page of the tenants that have documents.
pub fn page(rows: &mut dyn TenantRows, TenantWindow { limit, after }: &TenantWindow) -> Result<TenantPage> {
    let mut tenants = rows.tenants(after.as_ref().map(TenantName::as_str), limit.saturating_add(1))?;
    let limit = usize::try_from(*limit).unwrap_or(usize::MAX);
    let has_more = tenants.len() > limit;
    tenants.truncate(limit);
    Ok(TenantPage { tenants, has_more })
}

/// The numbers of tenants, for the writer. A tenant gets its number with the first operation that is not undone, and its
/// row when the transaction commits: what is refused makes none.
pub struct TenantIds {
    /// A row that was committed never changes, whoever wrote it.
    known: LruCache<String, i64>,
    /// Of the open transaction, without rows, in the order in which they came.
    added: LinkedHashMap<TenantName, i64>,
}

impl Default for TenantIds {
    fn default() -> Self {
        Self { known: LruCache::new(MAX_KNOWN), added: LinkedHashMap::new() }
    }
}

impl TenantIds {
    /// The number of a tenant, a new one if it has none.
    pub fn of(&mut self, rows: &mut dyn Rows, numbers: &mut Numbers, name: &TenantName) -> Result<i64> {
        if name.is_empty() {
            return Ok(NAMELESS);
        }
        if let Some(id) = self.known.get(name.as_str()) {
            return Ok(*id);
        }
        if let Some(id) = self.added.get(name) {
            return Ok(*id);
        }
        if let Some(id) = rows.find_tenant(name.as_str())? {
            self.known.insert(name.as_str().to_owned(), id);
            return Ok(id);
        }
        let id = next(&mut numbers.tenant);
        self.added.insert(name.clone(), id);
        Ok(id)
    }

    /// How much can be undone.
    pub fn mark(&self) -> usize {
        self.added.len()
    }

    /// Forgets the tenants that came since the mark.
    pub fn undo(&mut self, mark: usize) {
        while self.added.len() > mark {
            self.added.pop_back();
        }
    }

    /// Makes the rows of new tenants; the transaction is about to commit.
    pub fn store(&self, rows: &mut dyn Rows) -> Result<()> {
        self.added.iter().try_for_each(|(name, id)| rows.insert_tenant(*id, name.as_str()))
    }

    /// The transaction is committed.
    pub fn commit(&mut self) {
        self.known.extend(self.added.drain().map(|(name, id)| (name.as_str().to_owned(), id)));
    }
}
