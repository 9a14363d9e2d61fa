// Drives openapi-fetch by the types that openapi-typescript makes of openapi.json.

import createClient from "openapi-fetch";
import type { components, paths } from "./api.ts";

const env = (name: string): string => process.env[name] ?? "";
const client = createClient<paths>({
  baseUrl: env("SITE"),
  headers: { Authorization: `Bearer ${env("TOKEN")}` },
});
const number = "P~2F1";
const path = { number };
type Body = components["schemas"]["CancelItemsDocument"];
const body: Body = { items: [{ key: "1", quantity: 1, reason: "Changed Mind" }] };

function given<Data>(answer: { data?: Data; error?: components["schemas"]["Problem"] }): Data {
  if (answer.data === undefined) throw new Error(JSON.stringify(answer.error));
  return answer.data;
}

async function cancel() {
  const document: components["schemas"]["OrderDocument"] = JSON.parse(env("ORDER"));
  const taken = await client.PUT("/api/v1/orders/{number}", { params: { path }, body: document });
  const told = await client.POST("/api/v1/orders/{number}/cancellations/preview", {
    params: { path },
    body,
  });
  const preview = given(told);
  if (!("agreed" in preview)) throw new Error("it was done before");
  const canceled = (key: string) =>
    client.POST("/api/v1/orders/{number}/cancellations", {
      params: { path, header: { "Idempotency-Key": key } },
      body: { ...body, agreed: preview.agreed },
    });
  const made = await canceled("typescript-1");
  const again = await canceled("typescript-1");
  const undone = await client.POST("/api/v1/change-orders/{number}/undo", {
    params: {
      path: { number: given(made).number },
      header: { "Idempotency-Key": "typescript-2" },
    },
  });
  const anew = await canceled("typescript-3");
  return {
    statuses: [taken, made, again, undone, anew].map((each) => each.response.status),
    replayed: again.response.headers.get("Idempotent-Replayed"),
    numbers: [made, again, undone, anew].map((each) => given(each).number),
    undoes: given(undone).undoes,
    refund_due: [preview.refund_due, given(made).refund_due],
  };
}

async function look() {
  const refunds = given(await client.GET("/api/v1/refunds", { params: { query: { status: "manual" } } }));
  const [refund] = refunds.items;
  if (refund === undefined) throw new Error("there is no refund");
  const paid = await client.POST("/api/v1/refunds/{pk}/paid-by-hand", {
    params: { path: { pk: `${refund.id}` } },
    body: { seen: refund.state, reference: "TRN 1" },
  });
  const order = given(await client.GET("/api/v1/orders/{number}", { params: { path } }));
  const awaited = await client.GET("/api/v1/events", {
    params: { query: { wait: 10, types: "refund.succeeded" } },
  });
  const feed = given(await client.GET("/api/v1/events"));
  return {
    paid: given(paid).status,
    canceled: order.items[0]?.quantity_canceled,
    refunded: order.payments[0]?.refunded,
    awaited: given(awaited).items.map((each) => each.type),
    feed: feed.items.map((each) => each.type),
    next_after: feed.next_after,
  };
}

console.log(JSON.stringify(await { cancel, look }[process.argv[2] as "cancel" | "look"]()));
