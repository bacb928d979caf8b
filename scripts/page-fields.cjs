// Holds every field that a page reads against what the server says (types/wire.d.ts, made from queue_server/wire).
//
//   node scripts/page-fields.cjs [--wire FILE] [SCRIPT…]         the pages' scripts, or these instead
//
// Two kinds of faults, one a line, and exit status 1: a field that its type does not have, as TypeScript says; and a
// field of the wire that is read of something whose type nobody said, so that it might be anything. What only requests
// have is written by pages, not read.

const path = require("path");
const ts = require("typescript");

/** Reads the API's own description, not what the API says. */
const OTHERS = ["api_docs.js"];

const HOUSE = path.dirname(__dirname);
const args = process.argv.slice(2);
const wire = args[0] === "--wire" ? path.resolve(args.splice(0, 2)[1]) : path.join(HOUSE, "types/wire.d.ts");

function program() {
  const host = {...ts.sys, onUnRecoverableConfigFileDiagnostic: (fault) => { throw new Error(String(fault.messageText)); }};
  const config = ts.getParsedCommandLineOfConfigFile(path.join(HOUSE, "tsconfig.json"), {}, host);
  const own = config.fileNames.filter((name) => path.basename(name) !== "wire.d.ts" && (!args.length || name.endsWith(".d.ts")));
  return ts.createProgram([...own, wire, ...args.map((name) => path.resolve(name))], config.options);
}

function fieldsOf(file) {
  const found = new Set();
  const walk = (node) => {
    if (ts.isInterfaceDeclaration(node) && node.name.text.endsWith("Request")) return;
    if (ts.isPropertySignature(node)) found.add(node.name.getText());
    ts.forEachChild(node, walk);
  };
  walk(file);
  return found;
}

/** [name, type of what it is read of] of a property that this node reads, or null. */
function read(node, checker) {
  // what an event or an element's data-… has, the browser says
  if (ts.isPropertyAccessExpression(node) && /(^|\.)(event|dataset)$/.test(node.expression.getText())) return null;
  if (ts.isPropertyAccessExpression(node)) return [node.name.text, checker.getTypeAtLocation(node.expression)];
  if (!ts.isBindingElement(node) || !ts.isObjectBindingPattern(node.parent) || node.dotDotDotToken) return null;
  const key = node.propertyName ?? node.name;
  return ts.isIdentifier(key) ? [key.text, checker.getTypeAtLocation(node.parent)] : null;
}

function faults(all) {
  const checker = all.getTypeChecker(), fields = fieldsOf(all.getSourceFile(wire)), found = [];
  const where = (file, position) => `${path.relative(HOUSE, file.fileName)}:${file.getLineAndCharacterOfPosition(position).line + 1}`;
  const scripts = all.getSourceFiles().filter((one) => one.fileName.endsWith(".js") && !OTHERS.includes(path.basename(one.fileName)));
  for (const file of scripts) {
    for (const one of all.getSemanticDiagnostics(file))
      found.push(`${where(file, one.start)}: ${ts.flattenDiagnosticMessageText(one.messageText, " ")}`);
    const walk = (node) => {
      const [name, of] = read(node, checker) ?? [];
      if (name && (fields.has(name) || /[a-z]_[a-z]/.test(name)) && of.flags & ts.TypeFlags.Any)
        found.push(`${where(file, node.getStart())}: '${name}' is read of something whose type nobody said`);
      ts.forEachChild(node, walk);
    };
    walk(file);
  }
  return found;
}

const found = faults(program());
for (const one of found) console.log(one);
process.exitCode = found.length ? 1 : 0;
