/** Documents with content in every place where content can hide. */
import type { AnnotationInput, LinkInput, ScoreInput, SpanInput, TraceInput } from 'tracestore';
import { session, span, T0, trace } from '../support.js';

/** Documents with content in every place where content can be; `word` makes each of its pieces. */
export function documents(word: (place: string) => string) {
  const startTrace: TraceInput & Record<string, unknown> = {
    ...trace({ sessionId: 'c1', tags: ['prod'] }),
    input: {
      prompt: word('prompt'),
      parameters: { [word('parameterKey')]: word('parameter'), list: [word('listed')] },
      history: [
        { role: 'user', content: word('history') },
        { role: word('role'), content: '', extra: word('historyExtra') } as never,
      ],
      metadata: { [word('inputMetadataKey')]: word('inputMetadata') },
      [word('inputKey')]: word('inputUnknown'),
    },
    apiInput: { body: word('apiInput') },
    metadata: { [word('metadataKey')]: word('metadata') },
    [word('traceKey')]: word('traceUnknown'),
    omittedKeys: word('omittedKeys'),
  };
  const end = {
    status: 'failed' as const,
    output: {
      success: false,
      data: [word('data')],
      error: word('outputError'),
      toolsUsed: ['search'],
      [word('outputKey')]: word('outputUnknown'),
    },
    apiOutput: word('apiOutput'),
    tokens: { input: 1, output: 2, total: 3, [word('tokenKey')]: word('token') },
    cost: { total: 0.5, currency: 'USD', byModel: { 'gemini-2': 0.5 }, note: word('cost') },
    scores: { quality: 0.25 },
    metadata: { note: word('endMetadata') },
    errorInfo: { type: 'Failed', message: word('endErrorMessage'), data: [word('endErrorData')] },
    statusReason: word('statusReason').repeat(20),
    [word('endKey')]: word('endUnknown'),
  };
  const llm: SpanInput & Record<string, unknown> = {
    ...span({ parentSpanId: 's0', toolType: 'mcp', status: 'error' }),
    input: { messages: [{ role: 'user', content: word('spanInput') }], arguments: word('toolArguments') },
    output: word('spanOutput'),
    error: word('error'),
    genAiAttributes: attributes(word),
    metadata: { [word('spanMetadataKey')]: word('spanMetadata') },
    attributes: { [word('attributeKey')]: word('attribute') },
    resource: { [word('resourceKey')]: word('resource').repeat(30) },
    scope: { name: 'genai', attributes: { [word('scopeKey')]: word('scope') }, [word('scopeOwnKey')]: 1 },
    events: [{ name: 'token', time: T0, attributes: { text: word('event') }, [word('eventKey')]: 1 }],
    links: [{ to: { traceId: 't0' }, type: 'child_of', attributes: { [word('linkKey')]: word('spanLink') } }],
    errorInfo: {
      type: 'Failed',
      message: word('errorMessage'),
      stack: word('errorStack'),
      data: word('errorData'),
      cause: { type: 'Cause', message: word('causeMessage'), [word('causeKey')]: 1 },
    },
    step: {
      type: 'decision',
      question: word('question'),
      options: [word('option'), { [word('optionKey')]: 1 }],
      chosen: { [word('chosenKey')]: word('chosen') },
      reasoning: word('reasoning'),
      [word('stepKey')]: word('stepUnknown'),
    } as never,
    [word('spanKey')]: word('spanUnknown'),
  };
  const conversation = {
    ...session({ metadata: { title: word('sessionMetadata') } }),
    [word('sessionKey')]: word('sessionUnknown'),
  };
  const score: ScoreInput & Record<string, unknown> = {
    id: 'score1',
    traceId: 't1',
    spanId: 's1',
    name: 'quality',
    value: 1,
    label: 'good',
    source: 'human',
    reason: word('reason'),
    metadata: { [word('scoreMetadataKey')]: word('scoreMetadata') },
    [word('scoreKey')]: word('scoreUnknown'),
  };
  const annotation: AnnotationInput & Record<string, unknown> = {
    traceId: 't1',
    kind: 'note',
    author: 'me',
    value: { [word('annotationKey')]: word('annotation') },
    [word('annotationOwnKey')]: word('annotationUnknown'),
  };
  const link: LinkInput = {
    from: { traceId: 't1' },
    to: { url: 'https://example.com' },
    type: 'follows_from',
    attributes: { [word('linkKey')]: word('link') },
  };
  return {
    startTrace,
    end,
    llm,
    conversation,
    score,
    annotation,
    link,
    io: { apiInput: [word('setApiInput')], apiOutput: word('setApiOutput') },
  };
}

/** Content under the names of the conventions, and under names that should hold none. */
function attributes(word: (place: string) => string): NonNullable<SpanInput['genAiAttributes']> {
  return {
    'gen_ai.operation.name': 'chat',
    'gen_ai.system': 'gemini',
    'gen_ai.request.model': 'gemini-2',
    'gen_ai.request.temperature': 0.5,
    'gen_ai.request.stream': true,
    'gen_ai.usage.input_tokens': 10,
    'gen_ai.usage.cache_creation.input_tokens': 4,
    'gen_ai.response.finish_reasons': ['stop'],
    'gen_ai.system_instructions': word('systemInstructions'),
    'gen_ai.input.messages': [{ role: 'user', parts: [{ content: word('inputMessages') }] }],
    'gen_ai.output.messages': word('outputMessages'),
    'gen_ai.prompt': word('oldPrompt'),
    'gen_ai.tool.call.arguments': { q: word('callArguments') },
    'gen_ai.tool.definitions': [word('definitions')],
    'gen_ai.response.id': word('long').repeat(40),
    'gen_ai.usage.output_tokens': word('notANumber') as never,
    'gen_ai.agent.name': [word('notAString')],
    [`gen_ai.usage.${word('usageKey')}`]: 5,
    [`gen_ai.prompt.variable.${word('variableKey')}`]: word('variable'),
    'ai.prompt.messages': word('aiMessages'),
    'ai.toolCall.args': word('aiArguments'),
    'llm.input_messages.0.message.content': word('openInference'),
    'input.value': word('inputValue'),
    'traceloop.entity.input': word('traceloop'),
    [word('attributeKey')]: word('attribute'),
  };
}
