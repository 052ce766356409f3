//! Group commit: many batches, one transaction, one settlement each.

use super::backend::{OpGroup, SizedOp, Writer};
use super::queue::Batch;
use super::settlement::Settled;
use crate::error::{Error, Result};
use crate::model::{Op, TenantName};
use crate::wire::WholeOp;
use std::panic::catch_unwind;
use std::time::Duration;

/// Where an operation of a group came from.
struct Origin {
    batch: usize,
    index: u32,
}

/// Commits the batches; what came of each, in their order.
pub fn commit(writer: &mut dyn Writer, batches: &[Batch], patience: Duration) -> Vec<Settled> {
    let mut settled: Vec<Settled> = batches.iter().map(|_| Settled::default()).collect();
    let (mut origins, mut ops) = (Vec::new(), Vec::new());
    for (batch, encoded) in batches.iter().map(|batch| &batch.encoded).enumerate() {
        for (text, index) in encoded.texts().zip(0..) {
            match text.and_then(decode) {
                Ok(op) => {
                    origins.push(Origin { batch, index });
                    ops.push(op);
                }
                Err(error) => settled[batch].failures.push((Some(index), error)),
            }
        }
    }
    let results = writer.apply_group(&OpGroup { ops: &ops, patience });
    for (Origin { batch, index }, result) in origins.into_iter().zip(results) {
        settled[batch].note(index, result);
    }
    settled
}

/// A defect of ours in decoding one operation costs that operation alone.
fn decode(WholeOp { tenant, code, text }: WholeOp<'_>) -> Result<SizedOp> {
    let tenant = TenantName::parse(tenant)?;
    let op = catch_unwind(|| Op::parse(code, &text)).unwrap_or_else(|_| {
        Err(Error::internal("this write could not be decoded inside tracestore; please report it"))
    })?;
    Ok(SizedOp { tenant, op, bytes: text.len() as u64 })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Code;
    use crate::model::receipt::Written;
    use crate::model::{Answer, Query, Receipt};
    use crate::store::backend::Warning;
    use crate::wire::frame;

    /// Takes everything, and answers with how many operations it was given.
    struct Taking;

    impl Writer for Taking {
        fn apply_group(&mut self, group: &OpGroup<'_>) -> Vec<Result<Receipt>> {
            let version = i64::try_from(group.ops.len()).unwrap();
            group.ops.iter().map(|_| Ok(Receipt::Written(Written { version }))).collect()
        }
        fn tidy(&mut self) -> Option<Warning> {
            None
        }
        fn close(&mut self) {}
        fn answer(&mut self, _: &Query) -> Result<Answer> {
            Err(Error::internal("not asked here"))
        }
    }

    fn batch(frames: &[(u8, &str)]) -> Batch {
        let frames: Vec<u8> = frames.iter().flat_map(|(code, text)| frame(*code, text)).collect();
        Batch::only(&frames)
    }

    #[test]
    fn what_can_not_be_decoded_fails_alone_and_receipts_find_their_batch() {
        let tags = r#"{"traceId":"t","tags":[]}"#;
        let batches = [batch(&[(8, tags), (8, r#"{"traceId":7}"#), (99, "{}")]), batch(&[(8, "{}"), (8, tags)])];
        let settled = commit(&mut Taking, &batches, Duration::ZERO);
        let codes: Vec<Vec<_>> = settled
            .iter()
            .map(|batch| batch.failures.iter().map(|(index, error)| (*index, error.code)).collect())
            .collect();
        assert_eq!(codes[0], [(Some(1), Code::InvalidArgument), (Some(2), Code::Internal)]);
        assert_eq!(codes[1], [(Some(0), Code::InvalidArgument)]);
        let places: Vec<Vec<u32>> =
            settled.iter().map(|batch| batch.receipts.iter().map(|(index, _)| *index).collect()).collect();
        assert_eq!(places, [[0], [1]]);
    }
}
