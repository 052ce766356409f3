//! Texts through the codec: rebuilt from their nodes to the same value; what is no manifest is refused, or walked in short time.

#![allow(clippy::unwrap_used, reason = "a test that meets one has failed")]

mod support;

use proptest::prelude::*;
use serde_json::Value;
use support::rebuild;
use tracestore::content::{Manifest, skeleton};

/// The manifest of a text, and its pieces in the order of their holes.
fn split(text: &str) -> (Manifest, Vec<Value>) {
    let mut pieces = Vec::new();
    let manifest = Manifest::of(text, |_, piece| {
        pieces.push(serde_json::from_str(piece).unwrap());
        Ok(i64::try_from(pieces.len()).unwrap())
    });
    (manifest.unwrap(), pieces)
}

/// The value that the node of a text gives.
fn rebuilt(text: &str) -> Value {
    let (manifest, pieces) = split(text);
    let ordinals: Vec<usize> = (0..pieces.len()).collect();
    let mut node = String::new();
    skeleton::write_node(&manifest, &ordinals, &mut node).unwrap();
    rebuild::node(&serde_json::from_str(&node).unwrap(), &pieces)
}

fn space() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec!["", "", "", " ", "\n", "\t \r"])
}

/// JSON texts with odd spaces, empty containers, strange keys, and strings around the lengths from which they are pieces.
fn json() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        prop::sample::select(vec!["null", "[ ]", "{\n}", "[]", "-1.5e3"]).prop_map(str::to_owned),
        any::<String>().prop_map(|text| Value::from(text).to_string()),
        (50_usize..400, any::<char>())
            .prop_map(|(length, char)| Value::from(char.to_string().repeat(length)).to_string()),
        (50_usize..80).prop_map(|times| Value::from("]},:\"\\".repeat(times)).to_string()),
    ];
    leaf.prop_recursive(14, 80, 4, |inner| {
        let key = prop_oneof!["[a-e]{1,3}", Just("__proto__".to_owned()), Just("é\"".to_owned()), Just(String::new())];
        let item =
            (space(), inner, space()).prop_map(|(before, value, after)| format!("{before}{value}{after}")).boxed();
        let field = |(key, (before, after, value)): (&String, &(&str, &str, String))| {
            format!("{before}{}{after}:{value}", Value::from(key.as_str()))
        };
        prop_oneof![
            prop::collection::vec(item.clone(), 1..5).prop_map(|items| format!("[{}]", items.join(","))),
            prop::collection::btree_map(key, (space(), space(), item), 1..5)
                .prop_map(move |fields| format!("{{{}}}", fields.iter().map(field).collect::<Vec<_>>().join(","))),
        ]
    })
}

/// The bytes of a manifest with this literal text and a hole at each of these places; its check is wrong.
fn forged(literal: &str, holes: &[usize]) -> Vec<u8> {
    let mut bytes = vec![0; 8];
    put(&mut bytes, holes.len());
    let mut before = 0;
    for at in holes {
        put(&mut bytes, at - before);
        put(&mut bytes, 2);
        before = *at;
    }
    bytes.extend_from_slice(literal.as_bytes());
    bytes
}

fn put(bytes: &mut Vec<u8>, mut number: usize) {
    while number >= 0x80 {
        bytes.push(u8::try_from(number & 0x7f).unwrap() | 0x80);
        number >>= 7;
    }
    bytes.push(u8::try_from(number).unwrap());
}

proptest! {
    #[test]
    fn any_text_is_rebuilt_to_the_same_value(text in json()) {
        prop_assert_eq!(rebuilt(&text), serde_json::from_str::<Value>(&text).unwrap());
    }

    #[test]
    fn what_is_no_manifest_does_no_harm(
        literal in "[\\[\\]{},:\"1 aé\\\\]{0,24}",
        mut holes in prop::collection::vec(0_usize..26, 0..6),
    ) {
        holes.sort_unstable();
        if let Ok(manifest) = Manifest::from_bytes(&forged(&literal, &holes)) {
            prop_assert_eq!(manifest.holes.len(), holes.len());
            let ordinals: Vec<usize> = (0..holes.len()).collect();
            let _ = skeleton::write_node(&manifest, &ordinals, &mut String::new());
        }
    }
}

#[test]
fn containers_are_rebuilt_at_every_level() {
    let long = format!("\"{}\"", "x".repeat(300));
    for depth in 0..12 {
        for kinds in 0..1_u32 << depth {
            let mut text = long.clone();
            for level in 0..depth {
                text = match kinds >> level & 1 {
                    0 => format!(r#"{{ "k" : {text} , "e":{{ }},"l":{long} }}"#),
                    _ => format!("[ 1 , {text} ,[ ], {long} ]"),
                };
            }
            assert_eq!(rebuilt(&text), serde_json::from_str::<Value>(&text).unwrap(), "{depth} {kinds:b}");
        }
    }
}

/// Going back to each of a million holes would take for ever.
#[test]
fn many_holes_in_one_place_are_refused_at_once() {
    let count = 1_000_000;
    let literal = format!("[{},1]", " ".repeat(count));
    let manifest = Manifest::from_bytes(&forged(&literal, &vec![1; count])).unwrap();
    assert!(skeleton::write_node(&manifest, &vec![0; count], &mut String::new()).is_err());
}
