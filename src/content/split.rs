//! Chooses which parts of a JSON text become pieces: one pass, no recursion, the top eight levels at most.
//!
//! Agent loops resend the whole conversation each turn, so the elements of arrays (messages, tool definitions,
//! results) and long strings (system prompts, documents) recur; short values stay literal, because a reference would
//! cost as much as they do.

use super::depth::MAX_DEPTH;
use crate::json::{self, Malformed};
use std::ops::Range;

/// An array element shorter than this stays in the literal text, bytes.
const MIN_ELEMENT: usize = 64;
/// An array element longer than this is cut further inside where that is possible, bytes.
const MAX_ELEMENT: usize = 16 * 1024;
/// A string in an object from this length on is a piece of its own, bytes with quotes.
const MIN_STRING: usize = 256;
/// Fields of a document whose objects recur as a whole: who recorded a span, and with what. As they stand before them.
const RECURRING: [&[u8]; 2] = [br#""resource":"#, br#""scope":"#];
/// Values below this many containers stay literal. What was stored has holes as deep as that, so it may rise, not sink.
pub const MAX_LEVEL: usize = 8;

/// Why a text has no cuts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unsplittable {
    Malformed(Malformed),
    /// More than `depth::MAX_DEPTH` levels: `depth::clamp` it first.
    TooDeep,
}

impl From<Malformed> for Unsplittable {
    fn from(malformed: Malformed) -> Self {
        Self::Malformed(malformed)
    }
}

/// A container that is open where the pass stands.
#[derive(Debug, Clone, Copy)]
struct OpenContainer {
    is_array: bool,
    start: usize,
    /// How many cuts there were when this container opened: those after it lie inside.
    mark: usize,
}

/// A place from which a pass over another text with the same beginning may go on.
#[derive(Debug, Clone)]
struct Resume {
    /// Where a cut ended.
    end: usize,
    stack: Vec<OpenContainer>,
}

/// The parts of a text that become pieces.
#[derive(Debug, Clone, Default)]
pub struct Cuts {
    /// Byte ranges in order, none inside another.
    pub ranges: Vec<Range<usize>>,
    /// One for each of them, made and dropped together with it.
    resumes: Vec<Resume>,
}

impl Cuts {
    /// How many of these cuts lie in the first `shared` bytes of the text.
    fn within(&self, shared: usize) -> usize {
        self.resumes.partition_point(|resume| resume.end <= shared)
    }

    /// Memory that they take, bytes.
    pub fn bytes(&self) -> usize {
        let frames: usize = self.resumes.iter().map(|resume| resume.stack.capacity()).sum();
        self.ranges.capacity() * size_of::<Range<usize>>()
            + self.resumes.capacity() * size_of::<Resume>()
            + frames * size_of::<OpenContainer>()
    }
}

/// The cuts of `text`.
///
/// Fails where the text is not one JSON value, so that what is stored can always be taken apart again. The inside of
/// strings and numbers is not looked at: whoever encoded the text answers for that.
pub fn cuts(text: &str) -> Result<Cuts, Unsplittable> {
    cuts_after(text, &Cuts::default(), 0).map(|(cuts, _)| cuts)
}

/// The cuts of a text whose first `shared` bytes are those of an earlier one, and how many are the same.
pub fn cuts_after(text: &str, earlier: &Cuts, shared: usize) -> Result<(Cuts, usize), Unsplittable> {
    let bytes = text.as_bytes();
    let within = earlier.within(shared);
    let resume = earlier.resumes[..within].last();
    let mut pass = Pass { bytes, stack: Vec::new(), cuts: Cuts::default() };
    let Some(resume) = resume else {
        pass.run(None)?;
        return Ok((pass.cuts, 0));
    };
    pass.stack.clone_from(&resume.stack);
    pass.cuts.ranges.extend_from_slice(&earlier.ranges[..within]);
    pass.cuts.resumes.extend_from_slice(&earlier.resumes[..within]);
    pass.run(Some(resume.end))?;
    // A container that closed later may have swallowed some of them. What lies in the shared beginning at the same place
    // is the same text.
    let same = pass.cuts.ranges.iter().zip(&earlier.ranges[..within]).take_while(|(now, then)| now == then).count();
    Ok((pass.cuts, same))
}

struct Pass<'a> {
    bytes: &'a [u8],
    stack: Vec<OpenContainer>,
    cuts: Cuts,
}

impl Pass<'_> {
    /// Goes through the text from its start, or from where a value ended.
    fn run(&mut self, ended: Option<usize>) -> Result<(), Unsplittable> {
        let mut at = match ended {
            None => json::skip_space(self.bytes, 0),
            Some(end) => match self.leave(end)? {
                Some(at) => at,
                None => return Ok(()),
            },
        };
        loop {
            let Some(end) = self.value(&mut at)? else { continue };
            match self.leave(end)? {
                Some(next) => at = next,
                None => return Ok(()),
            }
        }
    }

    /// The end of the value at `at`; `None` if it is a container that was entered, with `at` at its first value.
    fn value(&mut self, at: &mut usize) -> Result<Option<usize>, Unsplittable> {
        match self.bytes.get(*at) {
            Some(open @ (b'{' | b'[')) => {
                if self.stack.len() == MAX_DEPTH {
                    return Err(Unsplittable::TooDeep);
                }
                let is_array = *open == b'[';
                let inside = json::skip_space(self.bytes, *at + 1);
                if self.bytes.get(inside) == Some(&closing(is_array)) {
                    return Ok(Some(inside + 1));
                }
                self.stack.push(OpenContainer { is_array, start: *at, mark: self.cuts.ranges.len() });
                *at = first_value(self.bytes, inside, is_array)?;
                Ok(None)
            }
            Some(b'"') => {
                let end = json::skip_string(self.bytes, *at)?;
                self.consider_string(*at..end);
                Ok(Some(end))
            }
            _ => Ok(Some(json::skip_scalar(self.bytes, *at)?)),
        }
    }

    /// Closes the containers that end after the value; the start of the next value, or `None` at the end of the text.
    fn leave(&mut self, mut end: usize) -> Result<Option<usize>, Malformed> {
        loop {
            let next = json::skip_space(self.bytes, end);
            let Some(frame) = self.stack.last().copied() else {
                return if next == self.bytes.len() { Ok(None) } else { Err(Malformed { at: next }) };
            };
            match self.bytes.get(next) {
                Some(b',') => {
                    return first_value(self.bytes, json::skip_space(self.bytes, next + 1), frame.is_array).map(Some);
                }
                Some(close) if *close == closing(frame.is_array) => {
                    end = next + 1;
                    self.stack.pop();
                    self.consider_element(frame.start..end, frame.mark);
                }
                _ => return Err(Malformed { at: next }),
            }
        }
    }

    fn consider_string(&mut self, range: Range<usize>) {
        let Some(parent) = self.stack.last() else { return };
        let least = if parent.is_array { MIN_ELEMENT } else { MIN_STRING };
        if self.stack.len() <= MAX_LEVEL && range.len() >= least {
            self.cut(range);
        }
    }

    /// An element of middling size is one piece and swallows the cuts inside it; a larger one keeps them if it has any.
    fn consider_element(&mut self, range: Range<usize>, mark: usize) {
        let recurs = self.stack.last().is_some_and(|parent| parent.is_array) || self.is_recurring(range.start);
        if !recurs || self.stack.len() > MAX_LEVEL || range.len() < MIN_ELEMENT {
            return;
        }
        if range.len() <= MAX_ELEMENT || self.cuts.ranges.len() == mark {
            self.cuts.ranges.truncate(mark);
            self.cuts.resumes.truncate(mark);
            self.cut(range);
        }
    }

    fn is_recurring(&self, start: usize) -> bool {
        self.stack.len() == 1 && RECURRING.iter().any(|name| self.bytes[..start].ends_with(name))
    }

    fn cut(&mut self, range: Range<usize>) {
        let end = range.end;
        self.cuts.ranges.push(range);
        self.cuts.resumes.push(Resume { end, stack: self.stack.clone() });
    }
}

fn closing(is_array: bool) -> u8 {
    if is_array { b']' } else { b'}' }
}

/// Where the next value of the container starts: behind the key in an object.
fn first_value(bytes: &[u8], at: usize, is_array: bool) -> Result<usize, Malformed> {
    if is_array { Ok(at) } else { json::skip_key(bytes, at).map(|(value, _)| value) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn pieces(text: &str) -> Vec<&str> {
        cuts(text).unwrap().ranges.into_iter().map(|range| &text[range]).collect()
    }

    #[test]
    fn cuts_messages_and_long_strings_and_leaves_the_rest() {
        let message = format!(r#"{{"role":"user","content":"{}"}}"#, "x".repeat(80));
        let system = format!("\"{}\"", "s".repeat(300));
        let text = format!(r#"{{"messages":[{message},{{"role":"user"}},{message}],"system":{system},"n":[1,2,3]}}"#);
        assert_eq!(pieces(&text), [message.as_str(), message.as_str(), system.as_str()]);
    }

    #[test]
    fn what_recorded_a_span_is_a_piece_and_other_objects_are_not() {
        let object = |n: usize| format!(r#"{{"attributes":{{"n":{n},"name":"{}"}}}}"#, "x".repeat(80));
        let (resource, scope, other) = (object(1), object(2), object(3));
        let text = format!(
            r#"{{"resource":{resource},"metadata":{other},"inner":{{"resource":{other}}},"scope":{scope},"list":{{}}}}"#
        );
        assert_eq!(pieces(&text), [resource.as_str(), scope.as_str()]);
    }

    #[test]
    fn a_huge_element_is_cut_inside() {
        let part = format!("\"{}\"", "p".repeat(10_000));
        let text = format!(r#"[{{"parts":[{part},{part}]}}]"#);
        assert_eq!(pieces(&text), [part.as_str(), part.as_str()]);
    }

    #[test]
    fn going_on_after_a_shared_beginning_cuts_the_same() {
        let message = |n: usize| format!(r#"{{"role":"user","content":"{}"}}"#, n.to_string().repeat(70));
        let body = |n: usize| {
            format!(r#"{{"in":[{}],"s":"{}"}}"#, (0..n).map(message).collect::<Vec<_>>().join(","), "s".repeat(300))
        };
        let (earlier, later) = (body(3), body(5));
        for shared in 0..=body(3).len() {
            if earlier.get(..shared) == later.get(..shared) {
                let (resumed, same) = cuts_after(&later, &cuts(&earlier).unwrap(), shared).unwrap();
                assert_eq!(resumed.ranges, cuts(&later).unwrap().ranges, "{shared}");
                assert_eq!(same, (0..3).filter(|n| shared >= 7 + (n + 1) * message(0).len() + n).count(), "{shared}");
            }
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 1000, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn going_on_is_as_good_as_a_fresh_pass(one in conversation(), other in conversation(), at in any::<prop::sample::Index>()) {
            // The other text begins like the first up to one letter, or is another one.
            let mut changed = one.clone().into_bytes();
            let at = at.index(changed.len());
            if matches!(changed[at], b'a'..=b'd') {
                changed[at] = b'z';
            }
            for later in [String::from_utf8(changed).unwrap(), other] {
                let shared = one.bytes().zip(later.bytes()).take_while(|(one, later)| one == later).count();
                let earlier = cuts(&one).unwrap();
                let (resumed, same) = cuts_after(&later, &earlier, shared).unwrap();
                let fresh = cuts(&later).unwrap();
                prop_assert_eq!(&resumed.ranges, &fresh.ranges);
                prop_assert_eq!(resumed.resumes.len(), fresh.ranges.len());
                for (then, now) in earlier.ranges.iter().zip(&resumed.ranges).take(same) {
                    prop_assert_eq!(&one[then.clone()], &later[now.clone()]);
                }
            }
        }
    }

    /// Messages of several parts, of lengths around the limits.
    fn conversation() -> impl Strategy<Value = String> {
        let length = prop_oneof![3 => 1_usize..90, 3 => 240_usize..300, 1 => 7000_usize..9000];
        let part = (prop::sample::select(vec!["a", "b", "c", "d"]), length)
            .prop_map(|(letter, length)| format!(r#"{{"type":"text","text":"{}"}}"#, letter.repeat(length)));
        let message = prop::collection::vec(part, 0..4)
            .prop_map(|parts| format!(r#"{{"role":"user","content":[{}],"id":"x"}}"#, parts.join(",")));
        prop::collection::vec(message, 0..4)
            .prop_map(|messages| format!(r#"{{"input":{{"messages":[{}]}}}}"#, messages.join(",")))
    }

    #[test]
    fn refuses_what_is_no_json() {
        for text in ["", "[1,]", "{\"a\" 1}", "[1}", "{]", "1 2", "[\"a]", "{\"a\":}", "[,1]", "{,}", "{1:2}"] {
            assert!(matches!(cuts(text), Err(Unsplittable::Malformed(_))), "{text}");
        }
    }

    #[test]
    fn says_when_it_is_too_deep() {
        let deep = |levels: usize| "[".repeat(levels) + &"]".repeat(levels);
        assert!(cuts(&deep(MAX_DEPTH)).is_ok());
        assert!(matches!(cuts(&deep(MAX_DEPTH + 1)), Err(Unsplittable::TooDeep)));
    }
}
