(** Counterexample A and the deterministic part of Proposition A (chapter 7):
    the hypotheses of Theorem 5 that are about the design, and the failure. *)
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import ring.
Require Import Compat Euclid Algorithm1.

Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import GRing.Theory Num.Theory Order.TTheory Compat.
Local Open Scope ring_scope.

Section CounterexampleA.
Variable R : realFieldType.

(** The four features, and vectors and sums with four entries. *)
Definition f1 : 'I_4 := @Ordinal 4 0 isT.
Definition f2 : 'I_4 := @Ordinal 4 1 isT.
Definition f3 : 'I_4 := @Ordinal 4 2 isT.
Definition f4 : 'I_4 := @Ordinal 4 3 isT.

Lemma ord4P (i : 'I_4) : [\/ i = f1, i = f2, i = f3 | i = f4].
Proof.
case: i => [[|[|[|[|k]]]] h] //.
- by apply: Or41; apply: val_inj.
- by apply: Or42; apply: val_inj.
- by apply: Or43; apply: val_inj.
- by apply: Or44; apply: val_inj.
Qed.

Lemma sum4 (F : 'I_4 -> R) : \sum_i F i = F f1 + F f2 + F f3 + F f4.
Proof.
rewrite !big_ord_recl big_ord0 addr0 !addrA.
by congr (F _ + F _ + F _ + F _); apply: val_inj.
Qed.

Ltac expand := rewrite /sqnorm /dot; repeat (rewrite !mxE /= || rewrite !sum4).

(** ** General B and sigma *)
Section PropositionA.
Variables (B sigma : R).

Definition Phi_B : 'M[R]_4 := 2%:R *: matrix_of 4 4
  [:: [:: 1; - B;    0;    0];
      [:: 0;   1;    0;    0];
      [:: 0;   0; B^-1;    0];
      [:: 0;   0;    0; B^-1]].

Definition s_B : 'cV[R]_4 := vector_of 4 [:: 1; B^-1; 0; 0].

Hypothesis B1 : 1 < B.
Let Bgt0 : 0 < B := lt_trans ltr01 B1.
Let B0 : B != 0 := lt0r_neq0 Bgt0.

Lemma Phi_B_rank : full_column_rank Phi_B.
Proof.
move=> x x0.
have e i : (Phi_B *m x) i 0 = 0 by rewrite x0 mxE.
have two : (2%:R : R) != 0 by rewrite pnatr_eq0.
have e2 : x f2 0 = 0 by rewrite -[RHS](mulr0 2%:R^-1) -(e f2); expand; field.
have e1 : x f1 0 = 0.
  by rewrite -[RHS](mulr0 2%:R^-1) -(e f1); expand; rewrite e2; field.
have e3 : x f3 0 = 0 by rewrite -[RHS](mulr0 (B / 2%:R)) -(e f3); expand; field; rewrite B0.
have e4 : x f4 0 = 0 by rewrite -[RHS](mulr0 (B / 2%:R)) -(e f4); expand; field; rewrite B0.
by apply/colP => i; rewrite [RHS]mxE; case: (ord4P i) => ->.
Qed.

(** Every eigenvalue of Sigma is above 1/(B^2 + 2): the quadratic form of
    Sigma - 1/(B^2 + 2) is a sum of squares. *)
Lemma quadratic_form (x : 'cV[R]_4) : let b := B ^+ 2 in
  dot x (Sigma Phi_B *m x) - (b + 2%:R)^-1 * sqnorm x =
  (b + 2%:R)^-1 * ((b + 1) * (x f1 0 - B * (b + 2%:R) / (b + 1) * x f2 0) ^+ 2
    + (b + 1)^-1 * x f2 0 ^+ 2 + 2%:R / b * (x f3 0 ^+ 2 + x f4 0 ^+ 2)).
Proof.
have b1 : B ^+ 2 + 1 != 0 by rewrite lt0r_neq0 // ltr_pwDr ?ltr01 ?sqr_ge0.
have b2 : B ^+ 2 + 2%:R != 0 by rewrite lt0r_neq0 // ltr_pwDr ?ltr0n ?sqr_ge0.
by rewrite Sigma_form /=; expand; field; rewrite B0 b1 b2.
Qed.

Lemma eigenvalues_above lambda :
  eigenvalue (Sigma Phi_B) lambda -> (B ^+ 2 + 2%:R)^-1 < lambda.
Proof.
case=> x x0 ex; set b := B ^+ 2.
have bgt0 : 0 < b by rewrite exprn_gt0.
have b1 : 0 < b + 1 by rewrite addr_gt0 ?ltr01.
have b2 : 0 < b + 2%:R by rewrite addr_gt0 ?ltr0n.
have N0 : 0 < sqnorm x.
  by rewrite lt_neqAle sqnorm_ge0 andbT eq_sym; apply: contraNneq x0 => /sqnorm_eq0 ->.
have xSx : dot x (Sigma Phi_B *m x) = lambda * sqnorm x.
  by rewrite ex dotZr.
rewrite -subr_gt0 -(pmulr_lgt0 _ N0) mulrBl -xSx quadratic_form -/b.
rewrite pmulr_rgt0 ?invr_gt0 //.
have sq_ge0 (a c : R) : 0 <= a -> 0 <= a * c ^+ 2 by move=> ?; rewrite mulr_ge0 ?sqr_ge0.
have q1 := sq_ge0 _ (x f1 0 - B * (b + 2%:R) / (b + 1) * x f2 0) (ltW b1).
have q2 : 0 <= (b + 1)^-1 * x f2 0 ^+ 2 by rewrite sq_ge0 // invr_ge0 ltW.
have q3 : 0 <= 2%:R / b * (x f3 0 ^+ 2 + x f4 0 ^+ 2).
  by rewrite mulr_ge0 ?addr_ge0 ?sqr_ge0 // divr_ge0 ?ler0n // ltW.
rewrite lt_neqAle eq_sym !addr_ge0 // andbT; apply: contraNneq x0 => q0.
have c3 : 0 < 2%:R / b by rewrite divr_gt0 ?ltr0n.
move/eqP: q0; rewrite paddr_eq0 ?addr_ge0 // paddr_eq0 // => /andP [/andP [h1 h2] h3].
have /eqP x2 : x f2 0 == 0 by move: h2; rewrite mulf_eq0 invr_eq0 (gt_eqF b1) /= sqrf_eq0.
have /eqP x1 : x f1 0 == 0.
  by move: h1; rewrite mulf_eq0 (gt_eqF b1) /= sqrf_eq0 x2 mulr0 subr0.
have /andP [/eqP x3 /eqP x4] : (x f3 0 == 0) && (x f4 0 == 0).
  by move: h3; rewrite mulf_eq0 (gt_eqF c3) /= paddr_eq0 ?sqr_ge0 // !sqrf_eq0.
by apply/eqP/colP => i; rewrite [RHS]mxE; case: (ord4P i) => ->.
Qed.

(** The exact smallest eigenvalue: the smaller root of l^2 - (B^2 + 2) l + 1. *)
Lemma Sigma_entries (x : 'cV[R]_4) : let g j := (Sigma Phi_B *m x) j 0 in
  [/\ g f1 = x f1 0 - B * x f2 0, g f2 = (B ^+ 2 + 1) * x f2 0 - B * x f1 0,
      g f3 = B ^- 2 * x f3 0 & g f4 = B ^- 2 * x f4 0].
Proof.
have Px : Phi_B *m x = 2%:R *: vector_of 4 [:: x f1 0 - B * x f2 0; x f2 0; x f3 0 / B; x f4 0 / B].
  by apply/colP => i; case: (ord4P i) => ->; expand; field.
rewrite /Sigma -scalemxAl -mulmxA Px.
by split; expand; field.
Qed.

Lemma smallest_eigenvalue l : l ^+ 2 - (B ^+ 2 + 2%:R) * l + 1 = 0 ->
  l <= B ^- 2 -> 2%:R * l <= B ^+ 2 + 2%:R ->
  eigenvalue (Sigma Phi_B) l /\ forall mu, eigenvalue (Sigma Phi_B) mu -> l <= mu.
Proof.
move=> el l_thin l_half; split.
  exists (vector_of 4 [:: B; 1 - l; 0; 0]).
    by apply/eqP => /colP /(_ f1) /eqP; rewrite !mxE /= (negbTE B0).
  apply/colP => i; have := Sigma_entries (vector_of 4 [:: B; 1 - l; 0; 0]).
  case: (ord4P i) => -> /= [s1 s2 s3 s4]; rewrite ?s1 ?s2 ?s3 ?s4 !mxE /= ?mulr0 //.
    by ring.
  by apply/eqP; rewrite -subr_eq0 -el; apply/eqP; ring.
move=> mu [x x0 ex]; have [] := Sigma_entries x; rewrite ex /= !(mxE _ _ _ 0).
move=> e1 e2 e3 e4.
have at_thin a : mu * a = B ^- 2 * a -> a != 0 -> l <= mu.
  by move=> /eqP; rewrite -subr_eq0 -mulrBl mulf_eq0 => /orP [|/eqP -> /eqP //]; rewrite subr_eq0 => /eqP ->.
have [x3 | /(at_thin _ e3) //] := eqVneq (x f3 0) 0.
have [x4 | /(at_thin _ e4) //] := eqVneq (x f4 0) 0.
have x2 : x f2 0 != 0.
  apply: contraNneq x0 => x2; move/eqP: e2; rewrite x2 !mulr0 sub0r eq_sym oppr_eq0.
  rewrite mulf_eq0 (negbTE B0) => /eqP x1.
  by apply/eqP/colP => i; rewrite [RHS]mxE; case: (ord4P i) => ->.
have root : mu ^+ 2 - (B ^+ 2 + 2%:R) * mu + 1 = 0.
  apply/eqP; rewrite -[_ == 0]orbF -(negbTE x2) -mulf_eq0; apply/eqP.
  transitivity ((mu - 1) * (mu * x f2 0 - ((B ^+ 2 + 1) * x f2 0 - B * x f1 0))
    - B * (mu * x f1 0 - (x f1 0 - B * x f2 0))); first by ring.
  by rewrite -e1 -e2 !subrr !mulr0 subrr.
have /eqP : (mu - l) * (mu + l - (B ^+ 2 + 2%:R)) = 0.
  transitivity ((mu ^+ 2 - (B ^+ 2 + 2%:R) * mu + 1) - (l ^+ 2 - (B ^+ 2 + 2%:R) * l + 1)).
    by ring.
  by rewrite el root subrr.
rewrite mulf_eq0 !subr_eq0 => /orP [/eqP e | /eqP sum]; first by rewrite e lexx.
rewrite -(lerD2r l) sum; apply: le_trans l_half; by rewrite mulr_natl mulr2n lexx.
Qed.

Lemma support_B : support s_B = [set f1; f2].
Proof.
apply/setP => j; rewrite !inE mxE; case: (ord4P j) => -> /=;
  by rewrite ?eqxx ?oner_eq0 ?invr_eq0 ?B0.
Qed.

(** What the theorem asks for, with gamma = 1, is at most 8 sigma^2 (B^2 + 2) L. *)
Lemma samples l L m : (B ^+ 2 + 2%:R)^-1 < l -> 0 <= L ->
  8%:R * sigma ^+ 2 * (B ^+ 2 + 2%:R) * L <= m ->
  8%:R * sigma ^+ 2 / (1 ^+ 2 * l) * L <= m.
Proof.
move=> lb L0 h; have b2 : 0 < B ^+ 2 + 2%:R by rewrite addr_gt0 ?exprn_gt0 ?ltr0n.
rewrite expr1n mul1r; apply: le_trans h; rewrite ler_wpM2r // ler_wpM2l.
- by [].
- by rewrite mulr_ge0 ?sqr_ge0 ?ler0n.
have i0 : 0 < (B ^+ 2 + 2%:R)^-1 by rewrite invr_gt0.
by rewrite -[X in _ <= X]invrK lef_pV2 ?(ltW lb) ?(lt_trans i0 lb).
Qed.

(** *** The failure *)
Variable xi : 'cV[R]_4.
Let y := Phi_B *m s_B + xi.

(** The signals cancel in the first sample. *)
Lemma Phi_s : Phi_B *m s_B = vector_of 4 [:: 0; 2%:R / B; 0; 0].
Proof. by apply/colP => i; case: (ord4P i) => ->; expand; field. Qed.

(** The gradient Phi_B^T (Phi_B w - y). *)
Lemma gradient w : let g j := (Phi_B^T *m (Phi_B *m w - y)) j 0 in
  [/\ g f1 = 2%:R * (2%:R * (w f1 0 - B * w f2 0) - xi f1 0),
      g f2 = 2%:R * (2%:R * w f2 0 - 2%:R / B - xi f2 0) - B * g f1,
      g f3 = 2%:R / B * (2%:R / B * w f3 0 - xi f3 0)
    & g f4 = 2%:R / B * (2%:R / B * w f4 0 - xi f4 0)].
Proof.
pose r := vector_of 4 [:: 2%:R * (w f1 0 - B * w f2 0) - xi f1 0;
  2%:R * w f2 0 - 2%:R / B - xi f2 0; 2%:R / B * w f3 0 - xi f3 0; 2%:R / B * w f4 0 - xi f4 0].
have -> : Phi_B *m w - y = r.
  by rewrite /y Phi_s; apply/colP => i; case: (ord4P i) => ->; expand; field.
by split; rewrite ?(mxE _ _ _ 0) !sum4 !(mxE _ _ _ 0) !mxE /=; field.
Qed.

Let two0 : (2%:R : R) != 0. Proof. by rewrite pnatr_eq0. Qed.

Lemma weight_3 (A : {set 'I_4}) w : f3 \in A -> trained Phi_B y A w -> w f3 0 = B * xi f3 0 / 2%:R.
Proof.
move=> jA [_ /(_ _ jA)]; have [_ _ -> _] := gradient w => /eqP.
rewrite mulf_eq0 mulf_eq0 invr_eq0 (negbTE B0) (negbTE two0) subr_eq0 /= => /eqP <-.
by field; rewrite B0.
Qed.

Lemma weight_4 (A : {set 'I_4}) w : f4 \in A -> trained Phi_B y A w -> w f4 0 = B * xi f4 0 / 2%:R.
Proof.
move=> jA [_ /(_ _ jA)]; have [_ _ _ ->] := gradient w => /eqP.
rewrite mulf_eq0 mulf_eq0 invr_eq0 (negbTE B0) (negbTE two0) subr_eq0 /= => /eqP <-.
by field; rewrite B0.
Qed.

Lemma weight_1 (A : {set 'I_4}) w : f1 \in A -> trained Phi_B y A w ->
  w f1 0 = B * w f2 0 + xi f1 0 / 2%:R.
Proof.
move=> jA [_ /(_ _ jA)]; have [-> _ _ _] := gradient w => /eqP.
rewrite mulf_eq0 (negbTE two0) subr_eq0 /= => /eqP <-; by field.
Qed.

Lemma weight_2 (A : {set 'I_4}) w : f1 \in A -> f2 \in A -> trained Phi_B y A w ->
  w f2 0 = B^-1 + xi f2 0 / 2%:R.
Proof.
move=> iA jA [_ g0]; have [_ + _ _] := gradient w.
rewrite /= (g0 _ iA) (g0 _ jA) mulr0 subr0 => /esym/eqP; rewrite mulf_eq0 (negbTE two0) subr_eq0 /= => /eqP <-.
by field; rewrite B0.
Qed.

(** The coins have size sigma, and sigma is not too small. *)
Hypothesis coins : forall i, `|xi i 0| = sigma.
Hypothesis sigma_large : 2%:R / (B * (B - 1)) < sigma.

Let sigma0 : 0 < sigma.
Proof. by apply: (lt_trans _ sigma_large); rewrite divr_gt0 ?mulr_gt0 ?subr_gt0 ?ltr0n. Qed.

Let half (a : R) : `|a / 2%:R| = `|a| / 2%:R.
Proof. by rewrite normrM normfV normr_nat. Qed.

Let size_34 j : `|B * xi j 0 / 2%:R| = B * sigma / 2%:R.
Proof. by rewrite half normrM coins gtr0_norm. Qed.

Let thin : B^-1 + sigma / 2%:R < B * sigma / 2%:R.
Proof.
move: sigma_large; rewrite ltr_pdivrMr ?mulr_gt0 ?subr_gt0 // => h.
rewrite -subr_gt0.
have -> : B * sigma / 2%:R - (B^-1 + sigma / 2%:R)
        = (sigma * (B * (B - 1)) - 2%:R) / (2%:R * B) by field.
by rewrite divr_gt0 ?subr_gt0 // mulr_gt0 // ltr0n.
Qed.

Lemma first_pruned w j : trained Phi_B y setT w -> smallest setT w j -> j = f1 \/ j = f2.
Proof.
move=> tw [_ /(_ f2 (in_setT _)) jmin].
have w2 : `|w f2 0| < B * sigma / 2%:R.
  apply: (le_lt_trans _ thin); rewrite (weight_2 _ _ tw) ?in_setT //.
  apply: (le_trans (ler_normD _ _)).
  by rewrite half coins ger0_norm // invr_ge0 ltW.
case: (ord4P j) jmin => ->; [by left | by right | |];
  rewrite ?(weight_3 _ tw) ?(weight_4 _ tw) ?in_setT //;
  by rewrite size_34 leNgt w2.
Qed.

Lemma second_pruned w j : trained Phi_B y (setT :\ f2) w ->
  smallest (setT :\ f2) w j -> j = f1.
Proof.
move=> tw [jA /(_ f1)]; rewrite !inE /= => /(_ isT) jmin.
have w2 : w f2 0 = 0 by case: tw => + _; apply; rewrite !inE.
have w1 : `|w f1 0| < B * sigma / 2%:R.
  rewrite (weight_1 _ tw) ?inE // w2 mulr0 add0r half coins.
  by rewrite ltr_pM2r ?invr_gt0 ?ltr0n // ltr_pMl.
move: jA jmin; case: (ord4P j) => ->; rewrite ?inE //= => _.
  by rewrite (weight_3 _ tw) ?inE // size_34 leNgt w1.
by rewrite (weight_4 _ tw) ?inE // size_34 leNgt w1.
Qed.

(** Proposition A: whatever the coins show and however ties are broken, feature 1
    is not among the two that are left after two prunings, and has weight 0. *)
Lemma proposition_A A v : run Phi_B y 2 A v -> f1 \notin A /\ v f1 0 = 0.
Proof.
move=> r; suff f1A : f1 \notin A by split=> //; case: (run_trained r) => + _; apply.
inversion r as [| k A1 w1 j1 v' r1 small1 tv]; subst.
inversion r1 as [| k A0 w0 j0 w1' r0 small0 tw1]; subst.
inversion r0 as [w0' tw0 |]; subst.
case: (first_pruned tw0 small0) => ej; subst; first by rewrite !inE andbF.
by rewrite (second_pruned tw1 small1) !inE.
Qed.

(** If sigma is not too large either, feature 2 goes first, then feature 1. *)
Hypothesis sigma_small : (B + 2%:R) * sigma / 2%:R + B^-1 < 1.

Lemma first_pruned_is_2 w j : trained Phi_B y setT w -> smallest setT w j -> j = f2.
Proof.
move=> tw sw; have [ej | //] := first_pruned tw sw; exfalso.
move: sw => [_ /(_ f2 (in_setT _))]; rewrite ej leNgt => /negP; apply.
have w2 : `|w f2 0| <= B^-1 + sigma / 2%:R.
  rewrite (weight_2 _ _ tw) ?in_setT //; apply: (le_trans (ler_normD _ _)).
  by rewrite half coins ger0_norm // invr_ge0 ltW.
apply: (le_lt_trans w2).
have -> : w f1 0 = 1 + (B * xi f2 0 / 2%:R + xi f1 0 / 2%:R).
  rewrite (weight_1 _ tw) ?in_setT // (weight_2 _ _ tw) ?in_setT //; by field.
have z : `|B * xi f2 0 / 2%:R + xi f1 0 / 2%:R| <= B * sigma / 2%:R + sigma / 2%:R.
  by apply: (le_trans (ler_normD _ _)); rewrite size_34 half coins.
apply: lt_le_trans (lerB_normD _ _); rewrite normr1.
apply: (lt_le_trans _ (lerB (lexx 1) z)).
rewrite ltrBrDr; move: sigma_small; congr (_ < _); by field.
Qed.

Lemma order_of_pruning :
  (forall A w, run Phi_B y 1 A w -> A = [set f1; f3; f4]) /\
  (forall A v, run Phi_B y 2 A v -> A = [set f3; f4]).
Proof.
have one A w : run Phi_B y 1 A w -> A = setT :\ f2.
  move=> r; inversion r as [| k A0 w0 j0 w' r0 small0 tw]; subst.
  inversion r0 as [w0' tw0 |]; subst.
  by rewrite (first_pruned_is_2 tw0 small0).
split=> [A w /one -> | A v r].
  by apply/setP => j; rewrite !inE; case: (ord4P j) => ->.
inversion r as [| k A1 w1 j1 v' r1 small1 tv]; subst.
have e := one _ _ r1; subst; rewrite (second_pruned (run_trained r1) small1).
by apply/setP => j; rewrite !inE; case: (ord4P j) => ->.
Qed.

End PropositionA.

(** ** Counterexample A, as printed *)
(** The design. *)
Definition PhiA : 'M[R]_4 := 2%:R *: matrix_of 4 4
  [:: [:: 1; - 10%:R;         0;         0];
      [:: 0;       1;         0;         0];
      [:: 0;       0; 10%:R^-1;         0];
      [:: 0;       0;         0; 10%:R^-1]].
(** The signal, with gamma = 1. *)
Definition sA : 'cV[R]_4 := vector_of 4 [:: 1; 10%:R^-1; 0; 0].
(** The size of the noise. *)
Definition sigmaA : R := 3%:R / 100%:R.

(** One of the 16 outcomes of the noise: every entry is 3/100 or -3/100. *)
Definition coins_A (xi : 'cV[R]_4) : Prop := forall i, xi i 0 = sigmaA \/ xi i 0 = - sigmaA.

Let B1 : (1 : R) < 10%:R. Proof. by rewrite ltr1n. Qed.

Lemma A_rank : full_column_rank PhiA.
Proof. exact: Phi_B_rank B1. Qed.

Lemma A_eigenvalues lambda : eigenvalue (Sigma PhiA) lambda -> 102%:R^-1 < lambda.
Proof.
move=> /(eigenvalues_above B1); congr (_^-1 < _).
by rewrite -natrX -natrD.
Qed.

Lemma A_smallest_eigenvalue l :
  l ^+ 2 = 102%:R * l - 1 -> l <= 100%:R^-1 -> 2%:R * l <= 102%:R ->
  eigenvalue (Sigma PhiA) l /\ forall mu, eigenvalue (Sigma PhiA) mu -> l <= mu.
Proof.
move=> e h1 h2; have b : (10%:R : R) ^+ 2 = 100%:R by rewrite -natrX.
apply: (smallest_eigenvalue B1); rewrite ?b -?natrD //.
by rewrite e; ring.
Qed.

Lemma A_support : support sA = [set f1; f2].
Proof. exact: (support_B B1). Qed.

(** 8 sigma^2 / (gamma^2 lambda) * L <= n = 4 with gamma = 1, for every lambda
    above 1/102 and every L up to 5.4; and log(2p/delta) = log 160 < 5.4. *)
Lemma A_samples lambda L : 102%:R^-1 < lambda -> 0 <= L -> L <= 54%:R / 10%:R ->
  8%:R * sigmaA ^+ 2 / (1 ^+ 2 * lambda) * L <= 4%:R.
Proof.
have b : (10%:R : R) ^+ 2 + 2%:R = 102%:R by rewrite -natrX -natrD.
move=> lam L0 L1; apply: (samples B1); rewrite ?b //.
have s0 : (0 : R) <= 8%:R * sigmaA ^+ 2 * 102%:R.
  by rewrite mulr_ge0 ?ler0n // mulr_ge0 ?ler0n ?sqr_ge0.
apply: (le_trans (ler_wpM2l s0 L1)); rewrite -subr_ge0 /sigmaA.
have -> : 4%:R - 8%:R * (3%:R / 100%:R) ^+ 2 * 102%:R * (54%:R / 10%:R)
  = 107%:R / 3125%:R :> R by field.
by rewrite divr_ge0 ?ler0n.
Qed.

Section Failure.
Variable xi : 'cV[R]_4.
Hypothesis coins : coins_A xi.

Let size i : `|xi i 0| = sigmaA.
Proof.
have s0 : 0 < sigmaA by rewrite divr_gt0 ?ltr0n.
by case: (coins i) => ->; rewrite ?normrN gtr0_norm.
Qed.

Let large : 2%:R / (10%:R * (10%:R - 1)) < sigmaA.
Proof.
rewrite -subr_gt0 /sigmaA.
have -> : 3%:R / 100%:R - 2%:R / (10%:R * (10%:R - 1)) = 7%:R / 900%:R :> R.
  by rewrite (_ : 10%:R - 1 = 9%:R); [field | ring].
by rewrite divr_gt0 ?ltr0n.
Qed.

Let small : (10%:R + 2%:R) * sigmaA / 2%:R + 10%:R^-1 < 1.
Proof.
rewrite -subr_gt0 /sigmaA.
have -> : 1 - ((10%:R + 2%:R) * (3%:R / 100%:R) / 2%:R + 10%:R^-1) = 18%:R / 25%:R :> R.
  by field.
by rewrite divr_gt0 ?ltr0n.
Qed.

(** Feature 2 is pruned first, then feature 1; and so feature 1 is lost, although
    |s_1| = gamma = 1. *)
Lemma order_A :
  (forall A w, run PhiA (PhiA *m sA + xi) 1 A w -> A = [set f1; f3; f4]) /\
  (forall A v, run PhiA (PhiA *m sA + xi) 2 A v -> A = [set f3; f4]).
Proof. exact: (order_of_pruning B1 size large small). Qed.

Lemma A_failure A v : run PhiA (PhiA *m sA + xi) 2 A v -> f1 \notin A /\ v f1 0 = 0.
Proof. exact: (proposition_A B1 size large). Qed.

Lemma A_large_signal : 1 <= `|sA f1 0|.
Proof. by rewrite mxE /= normr1. Qed.

End Failure.
(** Whatever the coins show and however ties are broken: after one pruning the features 1, 3 and 4
    are left, after two 3 and 4. *)
Theorem A_order (xi : 'cV[R]_4) : coins_A xi ->
  (forall A w, run PhiA (PhiA *m sA + xi) 1 A w -> A = [set f1; f3; f4]) /\
  (forall A v, run PhiA (PhiA *m sA + xi) 2 A v -> A = [set f3; f4]).
Proof. exact: order_A. Qed.
End CounterexampleA.
Arguments PhiA {R}.
Arguments sA {R}.
Arguments sigmaA {R}.
