import { withLogin } from './server.logins.ts';

test('a connection string gets the login that the variables name, and keeps its own options', () => {
  const login = { MONGO_TLS_CA_FILE: '/a b/ca.pem', MONGO_USERNAME: 'root', MONGO_PASSWORD: 'p@ss/word' };
  expect(withLogin('mongodb://127.0.0.1:1,127.0.0.1:2/?replicaSet=wiber', login)).toBe(
    'mongodb://root:p%40ss%2Fword@127.0.0.1:1,127.0.0.1:2/?replicaSet=wiber&tls=true&tlsCAFile=%2Fa%20b%2Fca.pem&authSource=admin',
  );
  expect(withLogin('mongodb://127.0.0.1:1', { MONGO_USERNAME: 'a', MONGO_PASSWORD: 'b' })).toBe(
    'mongodb://a:b@127.0.0.1:1/?authSource=admin',
  );
});

test('a connection string of servers that ask for no login stays as it is', () => {
  expect(withLogin('mongodb://127.0.0.1:1/?replicaSet=wiber', {})).toBe('mongodb://127.0.0.1:1/?replicaSet=wiber');
});
