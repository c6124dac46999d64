import { EmbeddedCluster } from '@cb/embedded';
import { type Bucket, CasMismatchError, connect } from '@cb/promise';

// Several writers, one document, and nothing lost: read, change, and replace only what has not changed in the meantime.

interface Account {
  readonly balance: number;
}

async function deposit(bucket: Bucket, key: string, amount: number): Promise<number> {
  for (let attempt = 1; ; attempt++) {
    const { value, cas } = await bucket.get<Account>(key);
    try {
      await bucket.replace(key, { balance: value.balance + amount }, { cas });
      return attempt;
    } catch (error) {
      if (!(error instanceof CasMismatchError)) throw error;
    }
  }
}

await using cluster = await EmbeddedCluster.start();
const { connectionString, username, password } = cluster;
await using bucket = await connect(`${connectionString}/default`, { username, password });

await bucket.insert('account', { balance: 0 });
const deposits = Array.from({ length: 10 }, () => deposit(bucket, 'account', 10));
const attempts = await Promise.all(deposits);
console.log(`10 deposits took ${attempts.reduce((sum, count) => sum + count)} attempts`);
console.log('the balance is', (await bucket.get<Account>('account')).value.balance);
