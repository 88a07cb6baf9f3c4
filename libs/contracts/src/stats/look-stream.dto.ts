import { ApiExtraModels, ApiProperty, ApiSchema, getSchemaPath } from '@nestjs/swagger';
import { LookDto } from './look.dto.ts';
import { EXAMPLE_LOOK } from './look.example.ts';
import { choice, text } from './look.fields.ts';
import type { Bye } from './look.ts';

/** JSON in a string, as JSON Schema 2020-12 and OpenAPI from 3.1 on describe it. */
const jsonOf = (dto: new () => object, example: object) => ({
  ...text(JSON.stringify(example), `JSON in one line: ${dto.name}.`),
  contentMediaType: 'application/json',
  contentSchema: { $ref: getSchemaPath(dto) },
});

@ApiSchema({ description: 'The data of the last event of a gateway that stops.' })
export class ByeDto implements Bye {
  @ApiProperty(choice(['stopping'], 'stopping', 'Why the stream ends.'))
  reason!: 'stopping';
}

@ApiExtraModels(LookDto)
@ApiSchema({ description: 'An event of the stream: a look.' })
export class StreamedLookDto {
  @ApiProperty(text('41', 'The `sequence` of the look.'))
  id!: string;

  @ApiProperty(choice(['look'], 'look', 'The type of the event.'))
  event!: 'look';

  @ApiProperty(jsonOf(LookDto, EXAMPLE_LOOK))
  data!: string;
}

@ApiExtraModels(ByeDto)
@ApiSchema({ description: 'The last event of a gateway that stops. It has no id.' })
export class StreamedByeDto {
  @ApiProperty(choice(['bye'], 'bye', 'The type of the event.'))
  event!: 'bye';

  @ApiProperty(jsonOf(ByeDto, { reason: 'stopping' } satisfies Bye))
  data!: string;
}
