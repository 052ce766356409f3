//! Rows of pieces: the home is in `piece_hash`, further owners are in `piece_owner`.

use super::SqliteRows;
use crate::content::PieceHash;
use crate::documents::rows::piece::{Home, OwnerUses, PieceRows, UseRow};
use crate::error::Result;
use rusqlite::{OptionalExtension, Params};

impl PieceRows for SqliteRows<'_> {
    fn home(&mut self, hash: &PieceHash) -> Result<Option<Home>> {
        let mut statement = self.connection.prepare_cached(include_str!("sql/piece_find.sql"))?;
        let found = statement
            .query_row([hash.0], |row| Ok(Home { piece: row.get(0)?, owner: row.get(1)?, is_counted: row.get(2)? }));
        Ok(found.optional()?)
    }

    fn further(&mut self, piece: i64, owner: i64) -> Result<Option<bool>> {
        let mut statement = self.connection.prepare_cached(include_str!("sql/piece_owner_find.sql"))?;
        Ok(statement.query_row((piece, owner), |row| row.get(0)).optional()?)
    }

    fn first_further(&mut self, piece: i64) -> Result<Option<OwnerUses>> {
        let mut statement = self.connection.prepare_cached(include_str!("sql/piece_next_owner.sql"))?;
        let found = statement
            .query_row([piece], |row| Ok(OwnerUses { owner: row.get(0)?, uses: row.get(1)?, first: row.get(2)? }));
        Ok(found.optional()?)
    }

    fn insert_home(&mut self, hash: &PieceHash, piece: i64, uses: &OwnerUses) -> Result<()> {
        let row = (hash.0, piece, uses.owner, uses.uses, uses.first);
        self.execute(include_str!("sql/piece_hash_insert.sql"), row)
    }

    fn insert_further(&mut self, piece: i64, uses: &OwnerUses) -> Result<()> {
        let row = (piece, uses.owner, uses.uses, uses.first);
        self.execute(include_str!("sql/piece_owner_insert.sql"), row)
    }

    fn set_home(&mut self, hash: &PieceHash, uses: &OwnerUses) -> Result<()> {
        let row = (hash.0, uses.owner, uses.uses, uses.first);
        self.execute(include_str!("sql/piece_hash_set_owner.sql"), row)
    }

    fn set_uses(&mut self, row: UseRow, uses: Option<i64>) -> Result<()> {
        match row {
            UseRow::Home(hash) => self.execute(include_str!("sql/piece_hash_set_uses.sql"), (hash.0, uses)),
            UseRow::Further { piece, owner } => {
                self.execute(include_str!("sql/piece_owner_set_uses.sql"), (piece, owner, uses))
            }
        }
    }

    fn add_uses(&mut self, row: UseRow, change: i64) -> Result<Option<i64>> {
        Ok(match row {
            UseRow::Home(hash) => {
                let mut statement = self.connection.prepare_cached(include_str!("sql/piece_hash_count.sql"))?;
                statement.query_row((hash.0, change), |row| row.get(0))?
            }
            UseRow::Further { piece, owner } => {
                let mut statement = self.connection.prepare_cached(include_str!("sql/piece_owner_count.sql"))?;
                statement.query_row((piece, owner, change), |row| row.get(0))?
            }
        })
    }

    fn lose_first(&mut self, row: UseRow, document: i64) -> Result<()> {
        match row {
            UseRow::Home(hash) => self.execute(include_str!("sql/piece_hash_lose_first.sql"), (hash.0, document)),
            UseRow::Further { piece, owner } => {
                self.execute(include_str!("sql/piece_owner_lose_first.sql"), (piece, owner, document))
            }
        }
    }

    fn remove_uses(&mut self, row: UseRow) -> Result<()> {
        match row {
            UseRow::Home(hash) => self.execute(include_str!("sql/piece_hash_delete.sql"), [hash.0]),
            UseRow::Further { piece, owner } => self.execute(include_str!("sql/piece_disown.sql"), (piece, owner)),
        }
    }
}

impl SqliteRows<'_> {
    fn execute(&self, statement: &str, parameters: impl Params) -> Result<()> {
        self.connection.prepare_cached(statement)?.execute(parameters)?;
        Ok(())
    }
}
