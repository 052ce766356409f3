//! Batches as JavaScript writes them, and bodies that nobody should.

use super::*;
use crate::error::Code;
use proptest::prelude::*;

fn enter(tables: &mut Tables, bytes: &[u8], text: &str) -> EncodedOp {
    EncodedOp::enter(tables, 3, text.len(), bytes)
}

fn text(body: &EncodedOp) -> String {
    String::from_utf8(body.text().unwrap().into_owned()).unwrap()
}

#[test]
fn a_text_without_marks_is_not_copied() {
    let body = enter(&mut Tables::default(), b"{\"a\":1}", "{\"a\":1}");
    assert!(matches!(body.text().unwrap(), Cow::Borrowed(_)));
}

#[test]
fn a_definition_stands_where_it_is_written_and_wherever_it_is_referred_to() {
    let mut tables = Tables::default();
    let whole = r#"[{"t":"long"},"long",{"t":"long"}]"#;
    let first = enter(&mut tables, b"\x04[\x02{\"t\":\x02\"long\"\x03}\x03,\x01000,\x01001]", whole);
    let second = enter(&mut tables, b"[\x01001,\x01000,\x01001]", whole);
    assert_eq!(text(&first), whole);
    assert_eq!(text(&second), whole);
}

#[test]
fn a_batch_keeps_its_generation_when_the_stream_drops_it() {
    let mut tables = Tables::default();
    let first = enter(&mut tables, b"\x04\x02\"one\"\x03", "\"one\"");
    let second = enter(&mut tables, b"\x01000", "\"one\"");
    let third = enter(&mut tables, b"\x04\x02\"two\"\x03", "\"two\"");
    let fourth = enter(&mut tables, b"\x01000", "\"two\"");
    drop(first);
    assert_eq!([text(&second), text(&third), text(&fourth)], ["\"one\"", "\"two\"", "\"two\""]);
}

#[test]
fn a_generation_of_many_chunks_is_found_by_number() {
    let mut tables = Tables::default();
    let kept: Vec<EncodedOp> =
        (0..1000).map(|n| enter(&mut tables, format!("\x02{n}\x03").as_bytes(), &n.to_string())).collect();
    for n in [0_usize, 63, 64, 999] {
        let digit = |shift: usize| char::from(0x30 + u8::try_from((n >> shift) & 63).unwrap());
        let body = format!("\x01{}{}{}", digit(12), digit(6), digit(0));
        assert_eq!(text(&enter(&mut tables, body.as_bytes(), &n.to_string())), n.to_string());
        assert_eq!(text(&kept[n]), n.to_string());
    }
    assert_eq!(kept[9].generation.len(), 10);
}

#[test]
fn what_is_not_as_announced_is_internal() {
    let mut tables = Tables::default();
    for (bytes, length) in [
        (&b"\x02abc\x03"[..], 4), // another length
        (b"\x01000\x01000", 5),   // longer than announced
        (b"\x02\x03abc", 3),      // nothing defined
        (b"\x02abc", 3),          // torn
        (b"abc\x03", 3),
        (b"\x0100", 3),
        (b"\x01~~~", 3), // no digits
        (b"\x01ooo", 3), // not defined
    ] {
        let body = EncodedOp::enter(&mut tables, 1, length, bytes);
        assert_eq!(body.text().unwrap_err().code, Code::Internal, "{bytes:?}");
    }
}

#[test]
fn a_bomb_is_refused_before_it_is_written() {
    let mut tables = Tables::default();
    EncodedOp::enter(&mut tables, 1, 0, &[&b"\x02"[..], &vec![b'x'; 1 << 20], b"\x03"].concat());
    let level = |n: u8| [&b"\x02"[..], &[1, b'0', b'0', b'0' + n].repeat(1000), b"\x03"].concat();
    for n in 0..4 {
        EncodedOp::enter(&mut tables, 1, 0, &level(n));
    }
    let body = EncodedOp::enter(&mut tables, 1, usize::MAX, b"\x01004");
    assert_eq!(body.text().unwrap_err().code, Code::Internal);
    assert_eq!(EncodedBatch(vec![body]).bytes(), usize::MAX);
}

/// Marks, digits and text in any order.
fn hostile() -> impl Strategy<Value = Vec<Vec<u8>>> {
    let byte = prop_oneof![0_u8..6, Just(b'0'), Just(b'1'), any::<u8>()];
    prop::collection::vec(prop::collection::vec(byte, 0..60), 1..8)
}

proptest! {
    #[test]
    fn hostile_bodies_never_panic_and_never_exceed_what_they_announce(bodies in hostile(), length in 0_usize..200) {
        let mut tables = Tables::default();
        for bytes in bodies {
            let body = EncodedOp::enter(&mut tables, 1, length, &bytes);
            if let Ok(text) = body.text() {
                prop_assert_eq!(text.len(), length);
            }
        }
    }
}
