// Apollo Server, standalone: queries, mutations, errors, and draining.

import http from "node:http";
import { ApolloServer } from "@apollo/server";
import { ApolloServerPluginDrainHttpServer } from "@apollo/server/plugin/drainHttpServer";
import { expressMiddleware } from "@as-integrations/express5";
import express from "express";
import { GraphQLError } from "graphql";
import { serve, sleep } from "./served.mjs";

const typeDefs = `#graphql
  type Author { name: String!, books(first: Int = 2): [Book!]! }
  type Book { id: ID!, title: String!, author: Author!, fails: String, broken: Int! }
  input BookInput { title: String!, author: String! }
  type Query { books(title: String): [Book!]!, book(id: ID!): Book, parsed: String }
  type Mutation { add(book: BookInput!): Book! }
`;
const books = Array.from({ length: 30 }, (_, id) => ({
  id: String(id),
  title: `Book ${id}`,
  author: `A${id % 3}`,
}));
const resolvers = {
  Query: {
    books: (_parent, { title }) =>
      title === undefined ? books : books.filter((book) => book.title === title),
    book: async (_parent, { id }) => {
      await sleep(1);
      return books.find((book) => book.id === id) ?? null;
    },
    parsed: () => JSON.parse("{ not json"),
  },
  Mutation: { add: (_parent, { book }) => ({ id: "new", ...book }) },
  Author: {
    name: (name) => name,
    books: (name, { first }) => books.filter(({ author }) => author === name).slice(0, first),
  },
  Book: {
    fails: async () => {
      throw new GraphQLError("failed on purpose", { extensions: { code: "ON_PURPOSE", details: [1] } });
    },
    broken: () => null,
  },
};
const app = express();
const server = http.createServer(app);
const apollo = new ApolloServer({
  typeDefs,
  resolvers,
  allowBatchedHttpRequests: true,
  plugins: [
    ApolloServerPluginDrainHttpServer({ httpServer: server }),
    {
      async requestDidStart() {
        return {
          async didEncounterErrors({ errors }) {
            for (const error of errors) console.error(`error: ${error.message}`);
          },
        };
      },
    },
  ],
});
await apollo.start();
app.get("/slow", async (_request, response) => {
  response.write("begun ");
  await sleep(300);
  response.end("done");
});
app.use(
  "/",
  express.json(),
  expressMiddleware(apollo, { context: async ({ req }) => ({ who: req.headers.who }) }),
);
serve(server, () => apollo.stop());
