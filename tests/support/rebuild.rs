//! Turns an answer into plain documents, as `lib/read/rebuild.ts` does.

use serde_json::{Map, Value, json};
use tracestore::documents::given_keys::MERGED;
use tracestore::model::Answer;
use tracestore::model::answer::ListPage;

/// So short that most answers have several.
const PART_BYTES: usize = 2000;

/// The documents of an answer and its page; tenants count as documents.
pub fn documents(answer: &Answer) -> (Vec<Value>, Option<ListPage>) {
    let documents = match answer {
        Answer::Documents(documents) => documents,
        Answer::Tenants(page) => {
            let tenants = page.tenants.iter().map(|tenant| json!(tenant)).collect();
            return (tenants, Some(ListPage { has_more: page.has_more, ..ListPage::default() }));
        }
        Answer::Info(_) => panic!("no documents"),
    };
    let (mut pieces, mut rebuilt) = (Vec::new(), Vec::new());
    for part in answer.clone().into_parts(PART_BYTES) {
        let mut part: Value = serde_json::from_str(&part).unwrap();
        pieces.append(part["pieces"].as_array_mut().unwrap());
        rebuilt.extend(part["docs"].as_array().unwrap().iter().map(|document| self::document(document, &pieces)));
    }
    (rebuilt, documents.page.clone())
}

/// The documents without what depends on whether the process is there that wrote them.
pub fn whoever_is_there(mut documents: Vec<Value>) -> Vec<Value> {
    for document in documents.iter_mut().filter_map(Value::as_object_mut) {
        if document.remove("state").is_some() && document.contains_key("spanId") {
            document.remove("status");
            document.remove("error");
        }
    }
    documents
}

fn document(document: &Value, pieces: &[Value]) -> Value {
    let mut whole = document[0].as_object().unwrap().clone();
    let mut bodies = document.as_array().unwrap()[1..].iter().map(|body| node(body, pieces));
    let Some(Value::Object(mut folded)) = bodies.next() else { panic!("a body that is no object") };
    let mut added = Vec::new();
    for later in bodies {
        match later {
            Value::Object(later) => {
                if later.contains_key("events") {
                    added.clear();
                }
                fold(&mut folded, later);
            }
            Value::Array(mut events) => added.append(&mut events),
            _ => panic!("a later word that is neither fields nor events"),
        }
    }
    if !added.is_empty() {
        let events = with_added(folded.get("events"), &added);
        folded.insert("events".to_owned(), events);
    }
    for (key, value) in folded {
        let is_free = key == "error" || !whole.contains_key(&key);
        assert!(is_free, "column {key} in the body");
        whole.insert(key, value);
    }
    Value::Object(whole)
}

/// What a later word gives takes the place of what was there, `null` clears it, and some objects merge.
fn fold(body: &mut Map<String, Value>, later: Map<String, Value>) {
    for (key, value) in later {
        match (body.get_mut(&key), value) {
            (_, Value::Null) => drop(body.remove(&key)),
            (Some(Value::Object(known)), Value::Object(members)) if MERGED.contains(&key.as_str()) => {
                known.extend(members);
            }
            (_, value) => drop(body.insert(key, value)),
        }
    }
}

/// The events that a span gives and those that were added, each that both have once, by time.
pub fn with_added(given: Option<&Value>, added: &[Value]) -> Value {
    let mut events = given.and_then(Value::as_array).cloned().unwrap_or_default();
    let mut unmatched = events.clone();
    for event in added {
        match unmatched.iter().position(|given| given == event) {
            Some(at) => drop(unmatched.remove(at)),
            None => events.push(event.clone()),
        }
    }
    // Stable: of equal times the one that comes first here stays first.
    events.sort_by_key(|event| event["time"].as_str().map(str::to_owned));
    Value::Array(events)
}

/// The value that a node stands for, see `content::skeleton`.
pub fn node(node: &Value, pieces: &[Value]) -> Value {
    if let Some(piece) = node.as_u64() {
        return pieces[usize::try_from(piece).unwrap()].clone();
    }
    let parts = node.as_array().unwrap();
    match parts[0].as_u64().unwrap() {
        0 => parts[1].clone(),
        1 => {
            let (object, replaced) = parts[1..].split_last().unwrap();
            let mut object: Map<String, Value> = object.as_object().unwrap().clone();
            for pair in replaced.chunks(2) {
                object.insert(pair[0].as_str().unwrap().to_owned(), self::node(&pair[1], pieces));
            }
            Value::Object(object)
        }
        2 => parts[1..].iter().map(|part| self::node(part, pieces)).collect(),
        other => panic!("unknown node {other}"),
    }
}
