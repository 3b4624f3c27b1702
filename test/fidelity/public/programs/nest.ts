// Nest on Express: modules, injection by type, pipes, guards, interceptors, filters, uploads, streams.

import "reflect-metadata";
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { join } from "node:path";
import {
  Body,
  Controller,
  Get,
  Header,
  HttpCode,
  HttpException,
  Inject,
  Injectable,
  Module,
  Param,
  ParseIntPipe,
  Post,
  Put,
  Query,
  Redirect,
  Req,
  Res,
  Sse,
  StreamableFile,
  UploadedFiles,
  UseGuards,
  UseInterceptors,
} from "@nestjs/common";
import { NestFactory } from "@nestjs/core";
import { FilesInterceptor } from "@nestjs/platform-express";
import { from, map } from "rxjs";
import { endWith, sleep } from "./served.mjs";

@Injectable()
class Greeter {
  private destroyed = false;
  greet(name: string) {
    return { hello: name, destroyed: this.destroyed };
  }
  async onApplicationShutdown(signal?: string) {
    await sleep(5);
    this.destroyed = true;
    console.log(`shut down by ${signal}`);
  }
}

@Injectable()
class Denied {
  canActivate() {
    return false;
  }
}

@Injectable()
class Wrapped {
  intercept(_context: unknown, next: { handle(): ReturnType<typeof from> }) {
    return next.handle().pipe(map((data) => ({ data })));
  }
}

@Controller()
class Pages {
  constructor(@Inject(Greeter) private readonly greeter: Greeter) {}
  @Get() root(@Query() query: Record<string, string>) {
    return { ...this.greeter.greet(query.name ?? "world"), query };
  }
  @Get("items/:id") @Header("X-Item", "yes") @UseInterceptors(Wrapped) item(
    @Param("id", ParseIntPipe) id: number,
  ) {
    return { id };
  }
  @Get("denied") @UseGuards(Denied) denied() {
    return "never";
  }
  @Post("echo") @HttpCode(201) echo(@Body() body: unknown) {
    return body;
  }
  @Post("form") form(@Body() body: unknown) {
    return body;
  }
  @Post("upload") @UseInterceptors(FilesInterceptor("files")) upload(
    @UploadedFiles() files: any[],
    @Body() fields: unknown,
  ) {
    return {
      fields,
      files: files.map(({ originalname, size, buffer }) => ({
        originalname,
        size,
        hash: createHash("sha256").update(buffer).digest("hex"),
      })),
    };
  }
  @Put("raw") async raw(@Req() request: any) {
    const hash = createHash("sha256");
    for await (const chunk of request) hash.update(chunk);
    return hash.digest("hex");
  }
  @Get("stream") stream() {
    return new StreamableFile(createReadStream(join(process.env.STATIC as string, "large.txt")));
  }
  @Sse("events") events() {
    return from([1, 2, 3]).pipe(map((id) => ({ id: String(id), data: { id } })));
  }
  @Get("redirect") @Redirect("/items/1", 302) redirect() {}
  @Get("throw") throws() {
    throw new HttpException({ reason: "thrown on purpose" }, 418);
  }
  @Get("reject") async rejects() {
    await sleep(1);
    JSON.parse("{ not json");
  }
  @Get("upstream") async upstream() {
    const answer = await fetch(`${process.env.UPSTREAM}/json`, {
      method: "POST",
      body: JSON.stringify({ a: [1] }),
    });
    return answer.json();
  }
  @Get("slow") async slow(@Res() response: any) {
    response.write("begun ");
    await sleep(300);
    response.end("done");
  }
}

@Module({ controllers: [Pages], providers: [Greeter, Denied, Wrapped] })
class Application {}

const app = await NestFactory.create(Application, {
  logger: ["error", "warn"],
  forceCloseConnections: false,
});
await app.listen(0, "127.0.0.1");
console.log(`listening on ${await app.getUrl()}`);
endWith(() => app.close());
