import { useEffect, useState } from 'preact/hooks';
import { Title } from '../shop/Parts';
import { server } from '../shop/server';
import { signIn, signOut, startOver } from '../shop/shop';
import { set, use } from '../shop/store';

export function Account() {
  const session = use((state) => state.session);
  const choices = use((state) => state.choices);
  const [email, write] = useState('');
  const [name, call] = useState('');
  const [refusal, refuse] = useState('');
  useEffect(() => void server.choices().then((choices) => set({ choices }), () => undefined), []);
  const attempt = (action: Promise<void>) => {
    refuse('');
    action.catch((error: unknown) => refuse(error instanceof Error ? error.message : String(error)));
  };
  const own = (event: Event) => {
    event.preventDefault();
    attempt(signIn({ email, ...(name.trim() ? { firstName: name.trim() } : {}) }));
  };
  return (
    <div class="wide">
      <Title sub={session?.customerId ? session.email : 'Play one of the demo’s customers, or be yourself.'}>{session?.customerId ? `Hello, ${session.firstName}.` : 'Sign in'}</Title>
      {refusal ? <p class="refusal" role="alert">{refusal}</p> : null}
      {session?.customerId ? <p class="buttons"><button type="button" class="button" onClick={() => attempt(signOut())}>Sign out</button><button type="button" class="button ghost dark" onClick={() => attempt(startOver())}>Start over as a new visitor</button></p> : null}
      <div class="sign-in">
        <section aria-labelledby="play"><h2 id="play">{session?.customerId ? 'Change to somebody else' : 'Somebody from the demo'}</h2>
          <p class="hint">They are made up and everybody who plays here shares them: what you do as one of them, others may notice.</p>
          <ul class="people">{choices.map((choice) => (
            <li key={choice.customerId}><button type="button" aria-pressed={session?.customerId === choice.customerId} onClick={() => attempt(signIn({ customerId: choice.customerId }))}>
              <span class="face" aria-hidden="true">{choice.name.split(' ').map((part) => part[0]).join('')}</span><span><strong>{choice.name}</strong><small>{choice.city}</small><em>{choice.says}</em></span>
            </button></li>
          ))}</ul>
        </section>
        {session?.customerId ? null : (
          <section aria-labelledby="own"><h2 id="own">Yourself</h2>
            <form class="own" onSubmit={own}>
              <label for="own-name">First name</label><input id="own-name" autocomplete="given-name" maxLength={60} value={name} onInput={(event) => call(event.currentTarget.value)} />
              <label for="own-email">E-mail address</label><input id="own-email" type="email" required autocomplete="email" maxLength={200} value={email} onInput={(event) => write(event.currentTarget.value)} />
              <button type="submit" class="button">Open an account</button>
              <p class="hint">No password, no mail. New customers get ten euros off with the code HELLO10.</p>
            </form>
          </section>
        )}
      </div>
    </div>
  );
}
