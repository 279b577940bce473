import jsonata from 'jsonata';

/** A whole string in `{% %}` is an expression; anything else is text. */
const expressionPattern = /^\{%([\s\S]*)%\}$/;

/** One evaluation may take as long as on AWS: a recursion without an end is a loop in JSONata. */
const timeoutMs = 1000;
/** How deep one evaluation may nest: far above honest expressions, far below the end of the stack. */
const maxDepth = 500;

export const isExpression = (text: string): boolean => expressionPattern.test(text);

/** True for text that was meant as an expression but is not closed, or has spaces outside the braces. */
export const isMalformedExpression = (text: string): boolean =>
  text.trimStart().startsWith('{%') && !isExpression(text);

const compiled = new Map<string, jsonata.Expression>();
/** Definitions hold some hundred expressions at most; the bound only guards a process that runs generated ones. */
const maxCompiled = 5000;

/** The source between the braces, without the space around it. */
export const expressionSource = (text: string): string => expressionPattern.exec(text)?.[1]?.trim() ?? text;

/** The compiled form of `{% … %}`, kept for the next use. Throws JSONata's own error when it does not parse. */
export const compileExpression = (text: string): jsonata.Expression => {
  const known = compiled.get(text);
  if (known !== undefined) return known;
  if (compiled.size >= maxCompiled) compiled.clear();
  const expression = jsonata(expressionSource(text), { timeout: timeoutMs, stack: maxDepth });
  compiled.set(text, expression);
  return expression;
};
