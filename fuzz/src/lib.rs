//! What the targets share: a JSON text is valid or it is not, and an answer read back as the TypeScript side reads it.

#[path = "../../tests/support/rebuild.rs"]
pub mod rebuild;
#[path = "../../tests/support/tables.rs"]
pub mod tables;

use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use std::collections::HashSet;
use std::time::Duration;
use tracestore::model::{Op, TenantName};
use tracestore::store::backend::{OpGroup, SizedOp, Writer};

/// Whether a text is one JSON value, however deep.
pub fn is_json(text: &str) -> bool {
    serde_json::from_str::<IgnoredAny>(text).is_ok()
}

/// Options of a store in memory.
pub const MEMORY: &str = r#"{"path":":memory:","memory":true,"readonly":false,"durability":"process","locking":"shared","busyTimeoutMs":1000,"maxQueueBytes":1048576,"onFull":"block","blockTimeoutMs":1000,"exitTimeoutMs":1000}"#;

/// A few documents for queries to find.
pub fn seeded(writer: &mut dyn Writer) {
    let documents = [
        (
            1,
            r#"{"traceId":"t","agentName":"a","agentVersion":"1","userId":1,"auditingId":2,"sessionId":"s","startedAt":"2024-01-01T00:00:00.000Z","tags":["x","y"],"input":{"prompt":"p","parameters":{}}}"#,
        ),
        (
            1,
            r#"{"traceId":"u","agentName":"b","agentVersion":"1","userId":1.5,"auditingId":2,"startedAt":"2024-01-02T00:00:00.000Z","tags":["y"],"input":{"prompt":"p","parameters":{}}}"#,
        ),
        (
            3,
            r#"{"traceId":"t","spanId":"1","kind":"llm","name":"n","status":"ok","startedAt":"2024-01-01T00:00:00.000Z","durationMs":1}"#,
        ),
        (
            5,
            r#"{"sessionId":"s","userId":1,"auditingId":1,"createdAt":"2024-01-01T00:00:00.000Z","updatedAt":"2024-01-01T00:00:00.000Z","traceCount":1,"tags":["x"]}"#,
        ),
    ];
    let ops = documents.map(|(code, text)| SizedOp {
        tenant: TenantName::default(),
        op: Op::parse(code, text.as_bytes()).unwrap(),
        bytes: text.len() as u64,
    });
    let group = OpGroup { ops: &ops, patience: Duration::from_secs(1) };
    assert!(writer.apply_group(&group).iter().all(Result::is_ok));
}

/// Whether some object in a text has a key twice, which no encoder writes: parsers differ in which of the two counts.
pub fn has_twins(text: &str) -> bool {
    let mut twins = false;
    let found = Twins(&mut twins).deserialize(&mut serde_json::Deserializer::from_str(text));
    found.is_ok() && twins
}

struct Twins<'a>(&'a mut bool);

impl<'de> DeserializeSeed<'de> for Twins<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<(), D::Error> {
        from.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Twins<'_> {
    type Value = ();

    fn expecting(&self, to: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        to.write_str("JSON")
    }
    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }
    fn visit_bool<E>(self, _: bool) -> Result<(), E> {
        Ok(())
    }
    fn visit_i64<E>(self, _: i64) -> Result<(), E> {
        Ok(())
    }
    fn visit_u64<E>(self, _: u64) -> Result<(), E> {
        Ok(())
    }
    fn visit_f64<E>(self, _: f64) -> Result<(), E> {
        Ok(())
    }
    fn visit_str<E>(self, _: &str) -> Result<(), E> {
        Ok(())
    }
    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<(), A::Error> {
        while seq.next_element_seed(Twins(self.0))?.is_some() {}
        Ok(())
    }
    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let mut keys = HashSet::new();
        while let Some(key) = map.next_key::<String>()? {
            *self.0 |= !keys.insert(key);
            map.next_value_seed(Twins(self.0))?;
        }
        Ok(())
    }
}
