//! Queries as they come, and cursors.

use super::*;

#[test]
fn a_filter_is_read_with_its_page() {
    let text = r#"{"query":"listTraces","where":[{"field":"status","op":"equals","value":"failed"},{"field":"tags","op":"all","value":["a"]},
        {"field":"startedAt","op":"until","value":8640000000000000}],"limit":5,"cursor":"ff.2","tenant":"acme"}"#;
    let Query::Documents { tenant, wanted: Wanted::List(list), .. } = Query::parse(text).unwrap() else {
        panic!("another query")
    };
    assert_eq!(tenant.as_str(), "acme");
    let tests: Vec<&Test> = list.conditions.iter().map(|condition| &condition.test).collect();
    let expected =
        [Test::IsText("failed".to_owned()), Test::HasAll(vec!["a".to_owned()]), Test::Until(Nanos(i64::MAX))];
    assert_eq!(tests, expected.iter().collect::<Vec<_>>());
    assert_eq!(list.window.cursor, Some(Cursor { time: Nanos(255), seq: 2 }));
    assert_eq!(list.window.total, Total::Counted);
    let Query::Documents { wanted: Wanted::List(list), .. } =
        Query::parse(r#"{"query":"listSessions","limit":5,"total":false}"#).unwrap()
    else {
        panic!("another query")
    };
    assert_eq!(list.window.total, Total::Skipped);
}

#[test]
fn what_the_table_does_not_offer_is_refused() {
    for condition in [
        r#"{"field":"agentName","op":"from","value":1}"#,
        r#"{"field":"nothing","op":"equals","value":1}"#,
        r#"{"field":"status","op":"equals","value":"x"}"#,
        r#"{"field":"userId","op":"equals","value":"1"}"#,
    ] {
        let query = format!(r#"{{"query":"listTraces","where":[{condition}],"limit":5}}"#);
        assert_eq!(Query::parse(&query).unwrap_err().code, crate::error::Code::InvalidArgument, "{condition}");
    }
}

#[test]
fn a_cursor_survives_its_text() {
    for cursor in [Cursor { time: Nanos(-1), seq: 7 }, Cursor { time: Nanos(i64::MAX), seq: 0 }] {
        assert_eq!(Cursor::parse(&cursor.to_text()).unwrap(), cursor);
    }
    for text in ["", "1", "x.y", "1.2.3", "1.-2"] {
        assert!(Cursor::parse(text).is_err(), "{text}");
    }
    let cursor = SpanCursor { millis: -1, span: 7, newest: i64::MAX };
    assert_eq!(SpanCursor::parse(&cursor.to_text()).unwrap(), cursor);
    for text in ["", "1.2", "x.y.z", "1.2.3.4", "1.2.x.3", "1.2.-3"] {
        assert!(SpanCursor::parse(text).is_err(), "{text}");
    }
}
