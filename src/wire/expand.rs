//! Expands one body to the JSON text that it stands for; its length is counted before a byte is allocated.

use super::definitions::{Definition, Generation};
use super::tokens::{Token, Tokens, Wrong};
use std::borrow::Cow;

/// The text of a body, borrowed where all of it is plain JSON.
///
/// `expanded` is the length that the frame announces, without escapes: a text of any other length is wrong. Nobody
/// allocates before that is known, and a caller bounds it first.
pub(super) fn expand<'a>(body: &'a [u8], expanded: usize, generation: &Generation) -> Result<Cow<'a, [u8]>, Wrong> {
    let mut left = expanded;
    for token in Tokens::new(body) {
        let length = match token? {
            Token::Json(json) if json.len() == body.len() && body.len() == expanded => return Ok(Cow::Borrowed(body)),
            Token::Json(json) => json.len(),
            Token::Text { text, .. } => quoted_length(text),
            Token::Reference(number) => quoted_length(&defined(generation, number)?.text),
        };
        left = left.checked_sub(length).ok_or(Wrong::Length)?;
    }
    if left > 0 {
        return Err(Wrong::Length);
    }
    let mut json = Vec::with_capacity(expanded + expanded / 16);
    for token in Tokens::new(body) {
        match token? {
            Token::Json(part) => json.extend_from_slice(part),
            Token::Text { text, .. } => quote(text, &mut json)?,
            Token::Reference(number) => json.extend_from_slice(quoted(defined(generation, number)?)?),
        }
    }
    Ok(Cow::Owned(json))
}

fn defined(generation: &Generation, number: usize) -> Result<&Definition, Wrong> {
    generation.get(number).ok_or(Wrong::Unknown)
}

/// Without escapes, as both sides count.
fn quoted_length(text: &[u8]) -> usize {
    text.len() + 2
}

/// A text is escaped the first time that somebody refers to it.
fn quoted(definition: &Definition) -> Result<&[u8], Wrong> {
    if let Some(json) = definition.json.get() {
        return Ok(json);
    }
    let mut json = Vec::with_capacity(quoted_length(&definition.text));
    quote(&definition.text, &mut json)?;
    Ok(definition.json.get_or_init(|| json.into_boxed_slice()))
}

fn quote(text: &[u8], json: &mut Vec<u8>) -> Result<(), Wrong> {
    let text = std::str::from_utf8(text).map_err(|_| Wrong::Torn)?;
    serde_json::to_writer(json, text).map_err(|_| Wrong::Torn)
}
