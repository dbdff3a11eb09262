import { expect, test } from '@jest/globals';
import { withSection } from './report.ts';

test('what was measured takes the place of what was measured before, and the words around it stay', () => {
  const page = '# Performance\n\n<!-- measured -->\nold\n<!-- /measured -->\n\nWhy so.\n';
  expect(withSection(page, 'measured', 'new')).toBe(page.replace('old', 'new'));
});

test('a page without such a section is given one', () => {
  expect(withSection('# Performance\n', 'cost', 'much')).toBe(
    '# Performance\n\n<!-- cost -->\nmuch\n<!-- /cost -->\n',
  );
});
