select trace, span
from span_word
where not exists (select 1 from span where span.id = span_word.span and span.trace = span_word.trace)
