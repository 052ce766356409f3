//! Any bytes as a query: refused as `INVALID_ARGUMENT`, or asked of a store that answers with JSON or a clear error.
#![no_main]

use libfuzzer_sys::{Corpus, fuzz_target};
use std::cell::RefCell;
use std::time::Duration;
use tracestore::error::Code;
use tracestore::model::Query;
use tracestore::model::query::Cursor;
use tracestore::sqlite::backend::SqliteBackend;
use tracestore::store::backend::{Backend, Writer};
use tracestore::store::options::Options;
use tracestore_fuzz::{MEMORY, is_json, seeded};

thread_local! {
    static STORE: RefCell<Box<dyn Writer>> = RefCell::new({
        let backend = SqliteBackend::new(Options::parse(MEMORY).unwrap(), None);
        let mut writer = backend.open_writer(Duration::from_secs(1)).unwrap();
        seeded(writer.as_mut());
        writer
    });
}

fuzz_target!(|data: &[u8]| -> Corpus {
    let Ok(text) = std::str::from_utf8(data) else { return Corpus::Reject };
    if let Ok(cursor) = Cursor::parse(text) {
        assert_eq!(Cursor::parse(&cursor.to_text()), Ok(cursor));
    }
    match Query::parse(text) {
        Err(error) => assert_eq!(error.code, Code::InvalidArgument),
        Ok(query) => STORE.with_borrow_mut(|store| match store.answer(&query) {
            Ok(answer) => assert!(is_json(&answer.into_parts(usize::MAX).concat())),
            Err(error) => assert_eq!(error.code, Code::InvalidArgument, "{error} for {text}"),
        }),
    }
    Corpus::Keep
});
