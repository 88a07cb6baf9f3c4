import { ApiProperty, ApiSchema } from '@nestjs/swagger';
import { ReasonCountDto, count } from './series.dto.ts';

const text = (example: string, description: string) => ({ type: String, example, description }) as const;

@ApiSchema({ description: 'One member of the replica set.' })
export class StoreMemberDto {
  @ApiProperty(text('mongo-1:27017', 'Its name in the configuration of the set.'))
  member!: string;

  @ApiProperty(text('PRIMARY', 'As MongoDB names its state.'))
  state!: string;

  @ApiProperty({ type: Boolean, example: true, description: 'Whether the primary hears from it.' })
  isHealthy!: boolean;

  @ApiProperty({
    ...count('How far its oplog is behind that of the primary, in milliseconds; absent where it has none.'),
    required: false,
  })
  lagMs?: number;
}

@ApiSchema({ description: 'The replica set, as its primary sees it.' })
export class ReplicaSetDto {
  @ApiProperty(text('rs0', 'Its name.'))
  name!: string;

  @ApiProperty({ type: [StoreMemberDto], description: 'Its members: MongoDB allows 50.' })
  members!: StoreMemberDto[];
}

@ApiSchema({ description: 'The size of one index.' })
export class IndexSizeDto {
  @ApiProperty(text('message_once', 'Its name.'))
  index!: string;

  @ApiProperty(count('Bytes on disk.'))
  bytes!: number;
}

@ApiSchema({ description: 'The size of one collection, on the primary.' })
export class CollectionSizeDto {
  @ApiProperty(text('messages', 'Its name.'))
  collection!: string;

  @ApiProperty(count('Documents, as MongoDB keeps their number. It may be wrong after a crash of mongod.'))
  documents!: number;

  @ApiProperty(count('Bytes of the documents, before compression.'))
  bytes!: number;

  @ApiProperty(count('Bytes on disk, without the indexes.'))
  storedBytes!: number;

  @ApiProperty({ type: [IndexSizeDto], description: 'Its indexes: MongoDB allows 64.' })
  indexes!: IndexSizeDto[];
}

@ApiSchema({ description: 'The disk of the primary, which has the files of its data.' })
export class StoreDiskDto {
  @ApiProperty(count('Bytes of the file system.'))
  bytes!: number;

  @ApiProperty(count('Bytes that are free.'))
  freeBytes!: number;
}

@ApiSchema({ description: 'The dead letters that are open: those in the states waiting and replaying.' })
export class OpenLettersDto {
  @ApiProperty(count('How many; of each reason at most 10,000 are counted.'))
  open!: number;

  @ApiProperty({ type: Boolean, example: true, description: 'False when a reason has more than were counted.' })
  isExact!: boolean;

  @ApiProperty({ type: [ReasonCountDto], description: 'By reason.' })
  reasons!: ReasonCountDto[];
}
