// Draws OpenAPI 3.1 as a page. Knows as much of JSON schema as our messages use: objects, arrays, references, unions.

import {get} from "../js/api.js";
import {arrived, byId, el, setText} from "../js/dom.js";
import {wordsFor} from "../js/texts.js";

const VERBS = ["get", "post", "put", "patch", "delete"];
const words = wordsFor(document.documentElement.lang);
const known = new Set();

const entry = (id, text) => el("li", {}, el("a", {href: `#${id}`}, text));

const answer = await get("/api/v1/openapi.json");
if (answer.ok) draw(answer.body);
else setText(byId("about"), words.problem(answer.problem));
arrived();

function draw(api) {
  byId("about").replaceChildren(...prose(api.info?.description ?? api.info?.title ?? ""));
  const schemas = api.components?.schemas ?? {};
  Object.keys(schemas).forEach((name) => known.add(name));
  const groups = Map.groupBy(operations(api), (one) => one.operation.tags?.[0] ?? "");
  for (const [group, those] of groups) {
    byId("operations").append(el("h2", {}, group || words.t("api_calls")));
    byId("operations").append(...those.map(drawOperation));
    byId("index").append(...those.map((one) => entry(one.id, `${one.verb.toUpperCase()} ${one.path}`)));
  }
  if (known.size) byId("schemas").append(el("h2", {}, words.t("api_messages")), ...Object.entries(schemas).map(drawSchema));
  byId("index").append(...Object.keys(schemas).map((name) => entry(`schema-${name}`, name)));
  if (location.hash) document.getElementById(location.hash.slice(1))?.scrollIntoView();
}

function operations(api) {
  return Object.entries(api.paths ?? {}).flatMap(([path, item]) =>
    VERBS.filter((verb) => item[verb]).map((verb) => ({
      path, verb, operation: item[verb], parameters: [...(item.parameters ?? []), ...(item[verb].parameters ?? [])],
      id: `${verb}${path.replace(/[^a-z0-9]+/gi, "-")}`,
    })));
}

function drawOperation({path, verb, operation, parameters, id}) {
  const body = operation.requestBody?.content?.["application/json"]?.schema;
  return el(
    "article", {class: "operation", id},
    el("h3", {}, el("span", {class: "verb", "data-verb": verb}, verb.toUpperCase()), el("code", {}, path)),
    operation.summary ? el("p", {}, ...prose(operation.summary)) : null,
    operation.description ? el("p", {class: "muted"}, ...prose(operation.description)) : null,
    parameters.length ? el("h4", {}, words.t("api_parameters")) : null,
    parameters.length ? table(parameters.map((one) => [one.name, [`${one.in}${one.required ? ", " + words.t("api_required") : ""}`], one.description ?? ""])) : null,
    body ? el("h4", {}, words.t("api_body")) : null,
    body ? el("p", {}, ...type(body)) : null,
    el("h4", {}, words.t("api_answers")),
    table(Object.entries(operation.responses ?? {}).map(([status, one]) => {
      const schema = Object.values(one.content ?? {})[0]?.schema;
      return [status, schema ? type(schema) : [""], one.description ?? ""];
    })),
  );
}

function drawSchema([name, schema]) {
  const required = new Set(schema.required ?? []);
  const fields = Object.entries(schema.properties ?? {});
  return el(
    "article", {class: "schema", id: `schema-${name}`},
    el("h3", {}, el("code", {}, name)),
    schema.description ? el("p", {}, ...prose(schema.description)) : null,
    fields.length
      ? table(fields.map(([field, one]) => [field, [...type(one), required.has(field) ? ` (${words.t("api_required")})` : ""], one.description ?? ""]))
      : el("p", {}, ...type(schema)),
  );
}

function table(lines) {
  return el("div", {class: "scrolls", tabindex: "0", role: "group", "aria-label": words.t("api_table")}, el("table", {class: "list"}, el("tbody", {}, ...lines.map(([name, parts, text]) =>
    el("tr", {}, el("th", {scope: "row"}, el("code", {}, name)), el("td", {}, ...parts), el("td", {class: "muted"}, ...prose(text)))))));
}

/** What stands between backticks is code. */
function prose(text) {
  return String(text).split("`").map((part, position) => (position % 2 ? el("code", {}, part) : part));
}

/** A schema in a few words, references as links. */
function type(schema) {
  if (schema.$ref) {
    const name = schema.$ref.split("/").at(-1);
    return [known.has(name) ? el("a", {href: `#schema-${name}`}, name) : name];
  }
  const union = schema.anyOf ?? schema.oneOf;
  if (union) return union.flatMap((one, position) => (position ? [" | ", ...type(one)] : type(one)));
  if (schema.enum) return [schema.enum.map((one) => JSON.stringify(one)).join(" | ")];
  if (schema.type === "array") return [`${words.t("api_list")} `, ...type(schema.items ?? schema.prefixItems?.[0] ?? {})];
  if (schema.type === "object" && schema.additionalProperties) return ["{…: ", ...type(schema.additionalProperties), "}"];
  return [Array.isArray(schema.type) ? schema.type.join(" | ") : schema.type ?? "any"];
}
