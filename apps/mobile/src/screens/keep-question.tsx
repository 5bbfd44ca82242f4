import { usePage } from '../page-context.js';
import { texts } from '../texts/en.js';

/** Asked once, over the pad and not upon it: what the fingers do goes on. */
export const KeepQuestion = ({ computer }: { readonly computer: string }) => {
  const { session } = usePage();
  return (
    <section class="keep-question" role="group" aria-label={texts.keep.question}>
      <p role="status">
        <strong class="keep-question-title">{texts.keep.question}</strong>
        <span class="note">{texts.keep.text}</span>
      </p>
      <div class="keep-question-answers">
        <button class="button button-quiet" type="button" onClick={() => session.keepComputer(false, computer)}>
          {texts.keep.notNow}
        </button>
        <button class="button" type="button" onClick={() => session.keepComputer(true, computer)}>
          {texts.keep.keep}
        </button>
      </div>
    </section>
  );
};
