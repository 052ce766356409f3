//! Batches as JavaScript writes them, and bodies that nobody should.

use super::{EncodedBatch, TENANT, Tables, WholeOp, frame};
use crate::error::{Code, Result};
use proptest::prelude::*;
use std::borrow::Cow;

fn framed(body: &[u8], expanded: usize) -> Vec<u8> {
    let length = |of: usize| u32::try_from(of).unwrap().to_le_bytes();
    [&length(body.len())[..], &length(expanded), &[3], body].concat()
}

/// A number of so many digits.
fn digits<const N: usize>(number: usize) -> [u8; N] {
    std::array::from_fn(|at| 0x30 + u8::try_from((number >> (6 * (N - 1 - at))) & 63).unwrap())
}

fn text(mark: u8, text: &str) -> Vec<u8> {
    [&[mark][..], &digits::<5>(text.encode_utf16().count()), text.as_bytes()].concat()
}

fn reference(number: usize) -> Vec<u8> {
    [&[1][..], &digits::<3>(number)].concat()
}

/// The texts of a batch with one body for each of `bodies`, which announce these lengths.
fn enter(tables: &mut Tables, bodies: &[(Vec<u8>, usize)]) -> EncodedBatch {
    tables.enter(&bodies.iter().flat_map(|(body, expanded)| framed(body, *expanded)).collect::<Vec<_>>())
}

fn texts(batch: &EncodedBatch) -> Vec<Result<String>> {
    batch.texts().map(|op| op.map(|op| String::from_utf8(op.text.into_owned()).unwrap())).collect()
}

fn only(batch: &EncodedBatch) -> String {
    texts(batch).pop().unwrap().unwrap()
}

#[test]
fn frames_come_back_a_torn_one_ends_the_batch_and_plain_text_is_not_copied() {
    let mut bytes = frame(3, "{}");
    bytes.extend(frame(7, "[1]"));
    let whole = Tables::default().enter(&bytes);
    let ops: Vec<_> = whole.texts().map(Result::unwrap).collect();
    let op = |code, text: &'static [u8]| WholeOp { tenant: b"", code, text: Cow::Borrowed(text) };
    assert_eq!(ops, [op(3, b"{}"), op(7, b"[1]")]);
    assert!(ops.iter().all(|op| matches!(op.text, Cow::Borrowed(_))));
    assert_eq!(Tables::default().enter(&bytes[..bytes.len() - 1]).len(), 1);
}

#[test]
fn operations_are_the_tenants_named_last_in_their_batch() {
    let mut tables = Tables::default();
    let named = |name: &str, code| [frame(TENANT, name), frame(code, "{}")].concat();
    let bytes = [frame(1, "{}"), named("acme", 2), frame(3, "{}"), named("é", 4), named("", 5)].concat();
    let tenants = |batch: &EncodedBatch| -> Vec<(String, u8)> {
        let whole = batch.texts().map(Result::unwrap);
        whole.map(|op| (String::from_utf8(op.tenant.to_vec()).unwrap(), op.code)).collect()
    };
    let first = tables.enter(&bytes);
    assert_eq!((first.len(), first.bytes()), (5, 10 + 6));
    let expected = [("", 1), ("acme", 2), ("acme", 3), ("é", 4), ("", 5)];
    assert_eq!(tenants(&first), expected.map(|(name, code)| (name.to_owned(), code)));
    assert_eq!(tenants(&tables.enter(&named("acme", 2)))[0].0, "acme");
    assert_eq!(tenants(&tables.enter(&frame(1, "{}")))[0].0, "", "a batch begins anew");
}

#[test]
fn a_text_is_quoted_and_escaped_where_it_stands_and_wherever_it_is_referred_to() {
    let mut tables = Tables::default();
    let odd = "\"\\\n\u{1}\u{2}\u{1f}é\u{2028}😀";
    let json = serde_json::to_string(odd).unwrap();
    let counted = odd.len() + 2;
    let first = [b"\x04[", &text(2, odd)[..], b",", &text(3, odd), b"]"].concat();
    let again = [b"[", &reference(0)[..], b",", &reference(0), b"]"].concat();
    let batch = enter(&mut tables, &[(first, 2 * counted + 3), (again.clone(), 2 * counted + 3)]);
    let later = enter(&mut tables, &[(again, 2 * counted + 3)]);
    let whole = format!("[{json},{json}]");
    assert_eq!(texts(&batch).into_iter().map(Result::unwrap).collect::<Vec<_>>(), [whole.clone(), whole.clone()]);
    assert_eq!(only(&later), whole);
}

#[test]
fn a_batch_keeps_its_generation_when_the_stream_drops_it() {
    let mut tables = Tables::default();
    let defining = |what: &str| ([b"\x04".to_vec(), text(2, what)].concat(), 5);
    let first = enter(&mut tables, &[defining("one"), (reference(0), 5), defining("two"), (reference(0), 5)]);
    let second = enter(&mut tables, &[(reference(0), 5)]);
    tables.clear();
    let third = enter(&mut tables, &[(reference(0), 5)]);
    let all: Vec<_> = texts(&first).into_iter().map(Result::unwrap).collect();
    assert_eq!(all, ["\"one\"", "\"one\"", "\"two\"", "\"two\""]);
    assert_eq!(only(&second), "\"two\"");
    assert_eq!(texts(&third)[0].as_ref().unwrap_err().code, Code::Internal);
}

#[test]
fn texts_of_many_chunks_are_found_by_number() {
    let mut tables = Tables::default();
    let kept: Vec<_> =
        (0..1000).map(|n: usize| enter(&mut tables, &[(text(2, &n.to_string()), n.to_string().len() + 2)])).collect();
    for n in [0_usize, 63, 64, 999] {
        let whole = format!("\"{n}\"");
        assert_eq!(only(&enter(&mut tables, &[(reference(n), whole.len())])), whole);
        assert_eq!(only(&kept[n]), whole);
    }
}

#[test]
fn what_is_not_as_announced_is_internal_and_takes_no_other_along() {
    let mut tables = Tables::default();
    let abc = text(3, "abc");
    let wrong = [
        (abc.clone(), 4),                                   // longer than announced
        (abc.clone(), 6),                                   // shorter
        (b"[1]".to_vec(), 2),                               // plain text, too
        (abc[..abc.len() - 1].to_vec(), 5),                 // torn
        (b"\x0300".to_vec(), 5),                            // torn in its length
        (b"\x0100".to_vec(), 5),                            // torn in its number
        (b"\x01~00".to_vec(), 5),                           // no digit
        (reference(9), 5),                                  // not defined
        (text(3, "😀")[..8].to_vec(), 4),                   // torn in a character
        ([&b"\x0300001"[..], "😀".as_bytes()].concat(), 6), // ends in the middle of one
    ];
    for (body, expanded) in wrong {
        let results = texts(&enter(&mut tables, &[(b"1".to_vec(), 1), (body.clone(), expanded), (abc.clone(), 5)]));
        assert_eq!(results[0].as_deref(), Ok("1"));
        assert_eq!(results[1].as_ref().map_err(|error| error.code), Err(Code::Internal), "{body:?}");
        assert_eq!(results[2].as_deref(), Ok("\"abc\""));
    }
}

#[test]
fn a_short_batch_counts_all_that_it_stands_for_and_what_it_brought() {
    let mut tables = Tables::default();
    let large = "x".repeat(100_000);
    let first = enter(&mut tables, &[(text(2, &large), large.len() + 2)]);
    assert_eq!(first.bytes(), 100_002 + 200_000);
    let many = [&b"["[..], &vec![reference(0); 1000].join(&b","[..]), b"]"].concat();
    let bomb = enter(&mut tables, &[(many, 1000 * 100_003 + 1)]);
    assert_eq!(bomb.bytes(), 1000 * 100_003 + 1);
}

proptest! {
    /// Whatever bytes come, nothing panics, and what is expanded has the announced length but for escapes.
    #[test]
    fn any_bytes_do_no_harm(
        bodies in prop::collection::vec(prop::collection::vec(prop_oneof![0_u8..5, 0x30_u8..0x34, any::<u8>()], 0..40), 0..6),
        expanded in 0_usize..200,
    ) {
        let mut tables = Tables::default();
        let bodies: Vec<_> = bodies.into_iter().map(|body| (body, expanded)).collect();
        let batch = enter(&mut tables, &bodies);
        for op in batch.texts().flatten() {
            prop_assert!(op.text.len() >= expanded);
        }
    }

    /// Texts of any characters end where JavaScript says that they do.
    #[test]
    fn any_text_comes_back(parts in prop::collection::vec(".{0,90}", 0..6)) {
        let mut tables = Tables::default();
        let body: Vec<u8> = parts.iter().flat_map(|part| [b"[".to_vec(), text(2, part), b"]".to_vec()].concat()).collect();
        let expanded = parts.iter().map(|part| part.len() + 4).sum();
        let quoted: Vec<_> = parts.iter().map(|part| ["[", &serde_json::to_string(part).unwrap(), "]"].concat()).collect();
        let whole = quoted.concat();
        prop_assert_eq!(only(&enter(&mut tables, &[(body, expanded)])), whole);
        for (number, part) in parts.iter().enumerate() {
            prop_assert_eq!(only(&enter(&mut tables, &[(reference(number), part.len() + 2)])), serde_json::to_string(part).unwrap());
        }
    }
}
